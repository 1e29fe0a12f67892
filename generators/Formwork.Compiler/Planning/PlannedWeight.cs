namespace Formwork.Compiler.Planning;

/// <summary>A block of packed weights that one kernel operand points to, and the parameters in it.</summary>
/// <param name="Path">The path of the product or norm, and what of it: <c>layers.3.attention.query_key_value.weight</c>.</param>
/// <param name="Offset">Floats before it in the packed weights.</param>
/// <param name="Length">Its floats.</param>
/// <param name="Slots">The parameters.</param>
public sealed record PlannedWeight(string Path, long Offset, long Length, IReadOnlyList<PlannedSlot> Slots);
