using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning;

/// <summary>How a graph is computed: which kernels in which order, on which buffers, with which weights at which offsets.</summary>
/// <param name="Graph">What is computed.</param>
/// <param name="Passes">The passes: one, or two where a source is read before.</param>
/// <param name="Weights">The packed weights.</param>
/// <param name="Tables">Tables computed when the model is loaded.</param>
/// <param name="WeightFloats">Floats of packed weights.</param>
/// <param name="TableFloats">Floats of tables.</param>
public sealed record ModelPlan(
    ModelGraph Graph,
    IReadOnlyList<PlannedPass> Passes,
    IReadOnlyList<PlannedWeight> Weights,
    IReadOnlyList<PlannedTable> Tables,
    long WeightFloats,
    long TableFloats)
{
    /// <summary>Floats a position of each contiguous part of a decoder's key/value cache.</summary>
    public IReadOnlyList<int> CacheSegments { get; init; } = [];

    /// <summary>The same of what is kept of a source.</summary>
    public IReadOnlyList<int> MemorySegments { get; init; } = [];

    /// <summary>Floats a position of keys and values in that encoder layer which needs the most; all use the same place.</summary>
    public int ScratchPositionFloats { get; init; }

    /// <summary>Where the tables are, for those who plan further passes.</summary>
    internal TablePlanner TablePlaces { get; init; } = new();

    /// <summary>All sections in order.</summary>
    public IEnumerable<PlanSection> Sections => Passes.SelectMany(pass => pass.Sections);

    /// <summary>All steps in order.</summary>
    public IEnumerable<PlanStep> Steps => Sections.SelectMany(section => section.Steps);

    /// <summary>The distinct kernels, in the order of their first use.</summary>
    public IEnumerable<Kernel> Kernels => Steps.SelectMany(step => step.Kernel.WithUsed).Distinct();

    /// <summary>Floats of activations a row of the pass that needs the most.</summary>
    public int ActivationFloats => Passes.Max(pass => pass.ActivationFloats);

    /// <summary>
    /// Floating-point operations that the products of one token cost; attention to other tokens is not in it. Where a source is read, of one
    /// token of each.
    /// </summary>
    public long FlopsPerToken => Steps.Sum(step => step.Kernel.FlopsPerRow);

    /// <summary>Floats of key/value cache that one token fills.</summary>
    public int CachePositionFloats => CacheSegments.Sum();

    /// <summary>Floats of key/value cache that a sequence as long as the context has.</summary>
    public long CacheFloats => Graph.Spec.Decoder is { } decoder ? (long)CachePositionFloats * AttentionKernel.PaddedContext(decoder.Context) : 0;

    /// <summary>Floats that are kept of a source as long as the encoder's context.</summary>
    public long MemoryFloats => Graph.Spec.Encoder is { } encoder ? (long)MemorySegments.Sum() * AttentionKernel.PaddedContext(encoder.Context) : 0;
}
