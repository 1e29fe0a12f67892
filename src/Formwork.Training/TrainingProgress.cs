namespace Formwork.Training;

/// <summary>Where a run is after a step.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Steps">The last step.</param>
/// <param name="Loss">The mean loss of the step's targets, label smoothing included.</param>
/// <param name="NatsPerToken">The mean negative log-likelihood of the step's targets, in nats.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="GradientNorm">The norm of all gradients together, before clipping.</param>
/// <param name="Targets">Tokens that the step foretold.</param>
/// <param name="TokensPerSecond">Those a second.</param>
/// <param name="TimeLeft">How long the rest will take if it goes on so.</param>
public sealed record TrainingProgress(
    long Step, long Steps, double Loss, double NatsPerToken, double LearningRate, double GradientNorm, long Targets, double TokensPerSecond, TimeSpan TimeLeft);
