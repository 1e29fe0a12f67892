using System.Globalization;
using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>To write a target from a source: the decoder reads start, forced ids and the target; its targets are forced ids, the target and the end.</summary>
/// <param name="frame">The ids around the texts.</param>
public sealed class TranslationObjective(TranslationFrame frame) : Objective
{
    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"translation, start {frame.Start}, forced {string.Join(' ', frame.ForcedFirst)}, end {frame.End}, source end {frame.SourceEnd?.ToString(CultureInfo.InvariantCulture) ?? "none"}");

    /// <inheritdoc/>
    public override int ExtraRows => 1 + frame.ForcedFirst.Count;

    /// <inheritdoc/>
    public override int ExtraSourceRows => frame.SourceEnd is null ? 0 : 1;

    /// <inheritdoc/>
    public override bool NeedsSources => true;

    /// <inheritdoc/>
    public override TrainingBatch Batch(IReadOnlyList<TrainingExample> examples, ulong key)
    {
        var sources = new BatchWriter();
        var targets = new BatchWriter();
        foreach (TrainingExample example in examples)
        {
            int[] source = example.Source ?? throw new InvalidInputException("training data", $"example {example.Number}", "no source", "a source for each target",
                "Give pairs.");
            sources.AddSequence(Framing.Around(source, null, frame.SourceEnd));
            int[] target = [frame.Start, .. frame.ForcedFirst, .. example.Ids, frame.End];
            targets.AddSequence(target.AsSpan(0, target.Length - 1), target.AsSpan(1));
        }
        return targets.Batch(sources.Sequences());
    }
}
