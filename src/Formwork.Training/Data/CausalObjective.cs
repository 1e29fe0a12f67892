using System.Globalization;

namespace Formwork.Training.Data;

/// <summary>To foretell each id from those before it: of the ids i₀ … iₙ, i₀ … iₙ₋₁ are read and i₁ … iₙ are the targets.</summary>
/// <param name="begin">An id put before each example; null for none.</param>
/// <param name="end">An id put after it; null for none.</param>
public sealed class CausalObjective(int? begin = null, int? end = null) : Objective
{
    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"causal, begin {begin?.ToString(CultureInfo.InvariantCulture) ?? "none"}, end {end?.ToString(CultureInfo.InvariantCulture) ?? "none"}");

    /// <inheritdoc/>
    public override int ExtraRows => (begin is null ? 0 : 1) + (end is null ? 0 : 1) - 1;

    /// <inheritdoc/>
    public override int Overlap => begin is null ? 1 : 0;

    /// <inheritdoc/>
    public override TrainingBatch Batch(IReadOnlyList<TrainingExample> examples, ulong key)
    {
        var batch = new BatchWriter();
        foreach (TrainingExample example in examples)
        {
            int[] ids = Framing.Around(example.Ids, begin, end);
            batch.AddSequence(ids.AsSpan(0, ids.Length - 1), ids.AsSpan(1));
        }
        return batch.Batch();
    }
}
