using Formwork.Training.Data;

namespace Formwork.Training;

/// <summary>Where a trainer's batches come from. Batches are functions of their number alone, so a run that is resumed sees what it would have seen.</summary>
public interface ITrainingData
{
    /// <summary>What the batches follow from (sizes, contents, seed): a checkpoint is only resumed with data of the same description.</summary>
    string Description { get; }

    /// <summary>The most target rows that a batch has.</summary>
    int MaxRows { get; }

    /// <summary>The most source rows that a batch has; 0 for models of one stack.</summary>
    int MaxSourceRows { get; }

    /// <summary>A batch to learn from.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="micro">Which of the step's batches, from 0.</param>
    TrainingBatch Batch(long step, int micro);

    /// <summary>The held-out batches, always the same; none where there is nothing to evaluate with.</summary>
    IEnumerable<TrainingBatch> EvaluationBatches();
}
