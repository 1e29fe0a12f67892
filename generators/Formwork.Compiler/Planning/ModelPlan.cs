using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning;

/// <summary>How a graph is computed: which kernels in which order, on which buffers, with which weights at which offsets.</summary>
/// <param name="Graph">What is computed.</param>
/// <param name="Sections">The steps, one section a method of the emitted code.</param>
/// <param name="Weights">The packed weights.</param>
/// <param name="Tables">Tables computed when the model is loaded.</param>
/// <param name="Buffers">Activation buffers.</param>
/// <param name="ActivationFloats">Floats of activations a token.</param>
/// <param name="WeightFloats">Floats of packed weights.</param>
/// <param name="TableFloats">Floats of tables.</param>
/// <param name="CacheSegments">Floats a position of each contiguous part of the key/value cache.</param>
public sealed record ModelPlan(
    ModelGraph Graph,
    IReadOnlyList<PlanSection> Sections,
    IReadOnlyList<PlannedWeight> Weights,
    IReadOnlyList<PlannedTable> Tables,
    IReadOnlyList<PlannedBuffer> Buffers,
    int ActivationFloats,
    long WeightFloats,
    long TableFloats,
    IReadOnlyList<int> CacheSegments)
{
    /// <summary>All steps in order.</summary>
    public IEnumerable<PlanStep> Steps => Sections.SelectMany(section => section.Steps);

    /// <summary>The distinct kernels, in the order of their first use.</summary>
    public IEnumerable<Kernel> Kernels => Steps.Select(step => step.Kernel).Distinct();

    /// <summary>Floating-point operations that the products of one token cost; attention over earlier tokens is not in it.</summary>
    public long FlopsPerToken => Steps.Sum(step => step.Kernel.FlopsPerRow);

    /// <summary>Floats of key/value cache that one token fills.</summary>
    public int CachePositionFloats => CacheSegments.Sum();

    /// <summary>Floats of key/value cache that a sequence as long as the context has.</summary>
    public long CacheFloats => (long)CachePositionFloats * AttentionKernel.PaddedContext(Graph.Spec.Decoder!.Context);
}
