using System.Globalization;
using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>To tell the class of each sequence. Its ids are read as they are: with the special tokens that the classifier looks at.</summary>
/// <param name="classes">How many classes there are.</param>
public sealed class LabelObjective(int classes) : Objective
{
    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"labels of {classes} classes");

    /// <inheritdoc/>
    public override int ExtraRows => 0;

    /// <inheritdoc/>
    public override TrainingBatch Batch(IReadOnlyList<TrainingExample> examples, ulong key)
    {
        var batch = new BatchWriter();
        for (int sequence = 0; sequence < examples.Count; sequence++)
        {
            int label = examples[sequence].Label;
            if ((uint)label >= (uint)classes)
                throw new InvalidInputException("training data", $"example {examples[sequence].Number}", label < 0 ? "no label" : $"label {label}",
                    $"a label from 0 to {classes - 1}", "Correct the label, or give the model as many labels as the data have.");
            batch.AddSequence(examples[sequence].Ids);
            batch.AddTarget(sequence, label);
        }
        return batch.Batch();
    }
}
