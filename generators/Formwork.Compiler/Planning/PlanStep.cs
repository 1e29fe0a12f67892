using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Planning;

/// <summary>One kernel call.</summary>
/// <param name="Path">The spec paths computed.</param>
/// <param name="Kernel">The routine.</param>
/// <param name="Rows">On which rows.</param>
/// <param name="Input">What it reads; null when it reads token ids.</param>
/// <param name="Output">What it writes; null for the pass's result and for the cache.</param>
/// <param name="Weights">The packed weights it reads, in the kernel's order.</param>
/// <param name="Table">The table it reads; null for none.</param>
/// <param name="Cache">Its layer's part of the key/value cache; null for none.</param>
public sealed record PlanStep(
    string Path,
    PassKernel Kernel,
    StepRows Rows,
    PlannedBuffer? Input,
    PlannedBuffer? Output,
    IReadOnlyList<PlannedWeight> Weights,
    PlannedTable? Table = null,
    PlannedCache? Cache = null)
{
    /// <summary>Further buffers that it reads or writes, in the kernel's order.</summary>
    public IReadOnlyList<PlannedBuffer> Others { get; init; } = [];

    /// <summary>The output that it is for, and for which alone it runs; null when every pass runs it.</summary>
    public GraphOutput? OnlyFor { get; init; }

    /// <summary>All buffers that it reads or writes.</summary>
    public IEnumerable<PlannedBuffer> Buffers => new[] { Input, Output }.OfType<PlannedBuffer>().Concat(Others);
}
