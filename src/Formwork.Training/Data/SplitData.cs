namespace Formwork.Training.Data;

/// <summary>Data to learn from, and other data to evaluate with.</summary>
/// <param name="training">Where batches to learn from come from.</param>
/// <param name="evaluation">Whose evaluation batches are used; null for none.</param>
public sealed class SplitData(ITrainingData training, ITrainingData? evaluation) : ITrainingData
{
    /// <summary>What an evaluation's random choices follow from: always the same, so that losses compare.</summary>
    internal const ulong EvaluationKey = 0x46575F4556414C55;

    /// <inheritdoc/>
    public string Description => $"{training.Description}; evaluated with {evaluation?.Description ?? "nothing"}";

    /// <inheritdoc/>
    public int MaxRows => Math.Max(training.MaxRows, evaluation?.MaxRows ?? 0);

    /// <inheritdoc/>
    public int MaxSourceRows => Math.Max(training.MaxSourceRows, evaluation?.MaxSourceRows ?? 0);

    /// <inheritdoc/>
    public TrainingBatch Batch(long step, int micro) => training.Batch(step, micro);

    /// <inheritdoc/>
    public IEnumerable<TrainingBatch> EvaluationBatches() => evaluation?.EvaluationBatches() ?? [];
}
