namespace Formwork.Training;

/// <summary>How a run ended.</summary>
/// <param name="End">Why.</param>
/// <param name="Step">The last step.</param>
/// <param name="BestLoss">The least evaluation loss, in nats a target; null where nothing was evaluated.</param>
/// <param name="BestStep">The step that had it.</param>
public sealed record TrainingResult(TrainingEnd End, long Step, double? BestLoss, long BestStep);
