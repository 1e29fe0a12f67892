namespace Formwork.Training;

/// <summary>What came of a step.</summary>
/// <param name="Loss">The sum of its targets' losses.</param>
/// <param name="NegativeLogLikelihood">The sum of its targets' negative log-likelihoods.</param>
/// <param name="Targets">How many.</param>
/// <param name="GradientNorm">The gradients' norm, before clipping.</param>
internal readonly record struct StepResult(double Loss, double NegativeLogLikelihood, long Targets, double GradientNorm);
