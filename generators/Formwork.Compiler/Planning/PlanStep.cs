namespace Formwork.Compiler.Planning;

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
