using Formwork.Compiler.Graph;

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
/// <param name="CacheFloats">Floats of key/value cache a sequence.</param>
public sealed record ModelPlan(
    ModelGraph Graph,
    IReadOnlyList<PlanSection> Sections,
    IReadOnlyList<PlannedWeight> Weights,
    IReadOnlyList<PlannedTable> Tables,
    IReadOnlyList<PlannedBuffer> Buffers,
    int ActivationFloats,
    long WeightFloats,
    long TableFloats,
    long CacheFloats)
{
    /// <summary>All steps in order.</summary>
    public IEnumerable<PlanStep> Steps => Sections.SelectMany(section => section.Steps);

    /// <summary>The distinct kernels, in the order of their first use.</summary>
    public IEnumerable<Kernel> Kernels => Steps.Select(step => step.Kernel).Distinct();

    /// <summary>Floating-point operations that the products of one token cost; attention over earlier tokens is not in it.</summary>
    public long FlopsPerToken => Steps.Sum(step => step.Kernel.FlopsPerRow);

    /// <summary>Floats of key/value cache that one token fills.</summary>
    public long CacheFloatsPerToken => CacheFloats / AttentionKernelContext;

    private int AttentionKernelContext => Ops.AttentionKernel.PaddedContext(Graph.Spec.Decoder!.Context);
}

/// <summary>Steps that belong together: a layer's attention, its feed-forward, the embedding, the unembedding.</summary>
/// <param name="Path">The spec path, <c>layers.3.attention</c>.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Steps">In order.</param>
public sealed record PlanSection(string Path, string Summary, IReadOnlyList<PlanStep> Steps);

/// <summary>Which rows a step computes.</summary>
public enum StepRows
{
    /// <summary>All tokens of the pass.</summary>
    Tokens,

    /// <summary>Only those whose logits are wanted.</summary>
    Outputs,
}

/// <summary>One kernel call.</summary>
/// <param name="Path">The spec paths computed.</param>
/// <param name="Kernel">The routine.</param>
/// <param name="Rows">On which rows.</param>
/// <param name="Input">What it reads; null when it reads token ids.</param>
/// <param name="Output">What it writes; null for the logits and for the cache.</param>
/// <param name="Weights">The packed weights it reads, in the kernel's order.</param>
/// <param name="Table">The table it reads; null for none.</param>
/// <param name="Cache">Its layer's part of the key/value cache; null for none.</param>
public sealed record PlanStep(
    string Path,
    Kernel Kernel,
    StepRows Rows,
    PlannedBuffer? Input,
    PlannedBuffer? Output,
    IReadOnlyList<PlannedWeight> Weights,
    PlannedTable? Table = null,
    PlannedCache? Cache = null);

/// <summary>An activation buffer, <c>[rows, stride]</c>.</summary>
/// <param name="Name">The role, a C# local in the emitted code: <c>residual</c>, <c>normed</c>.</param>
/// <param name="Width">Floats of a row that mean something.</param>
/// <param name="Stride">Floats from row to row.</param>
/// <param name="Offset">Floats a row that stand before it in the arena.</param>
/// <param name="FirstStep">Index of the step that first writes it.</param>
/// <param name="LastStep">Index of the last step that reads or writes it.</param>
public sealed record PlannedBuffer(string Name, int Width, int Stride, int Offset, int FirstStep, int LastStep);

/// <summary>A block of packed weights that one kernel operand points to, and the parameters in it.</summary>
/// <param name="Path">The path of the product or norm, and what of it: <c>layers.3.attention.query_key_value.weight</c>.</param>
/// <param name="Offset">Floats before it in the packed weights.</param>
/// <param name="Length">Its floats.</param>
/// <param name="Slots">The parameters.</param>
public sealed record PlannedWeight(string Path, long Offset, long Length, IReadOnlyList<PlannedSlot> Slots);

/// <summary>One parameter in a block of packed weights; the runtime's weight slot, in the compiler's words.</summary>
public sealed record PlannedSlot(Node Parameter, string Tensor, int Rows, int Columns, bool Panels)
{
    /// <summary>Whether the stored matrix is (in, out).</summary>
    public bool Transposed { get; init; }

    /// <summary>First row in the stored, fused tensor.</summary>
    public int TensorRow { get; init; }

    /// <summary>Rows of the stored, fused tensor; 0 when not fused.</summary>
    public int TensorRows { get; init; }

    /// <summary>First row in the packed matrix.</summary>
    public int PackedRow { get; init; }

    /// <summary>Every how many panels this parameter has one; 0 for every.</summary>
    public int PanelStep { get; init; }

    /// <summary>Which of the alternating panels is its first.</summary>
    public int PanelPhase { get; init; }

    /// <summary>Head width of rows to permute between rotary pairings; 0 for none.</summary>
    public int PermutedHeadWidth { get; init; }

    /// <summary>Rotated rows of each head.</summary>
    public int PermutedRotaryWidth { get; init; }

    /// <summary>Whether the permutation is from half to interleaved.</summary>
    public bool PermutedToInterleaved { get; init; }
}

/// <summary>A table computed when the model is loaded.</summary>
/// <param name="Path">The operation it is for.</param>
/// <param name="Offset">Floats before it.</param>
/// <param name="Length">Its floats.</param>
/// <param name="FillCSharp">The C# call that fills it, with <c>{0}</c> for its address.</param>
public sealed record PlannedTable(string Path, long Offset, long Length, string FillCSharp);

/// <summary>A layer's part of a sequence's key/value cache.</summary>
/// <param name="Keys">Floats before the keys.</param>
/// <param name="Values">Floats before the values.</param>
public sealed record PlannedCache(long Keys, long Values);
