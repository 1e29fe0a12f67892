namespace Formwork.Benchmarks.SideBySide;

/// <summary>What contenders are compared by before they are timed.</summary>
/// <param name="Loss">The mean loss, label smoothing included, in nats.</param>
/// <param name="GradientNorm">The norm of the gradient of all weights.</param>
internal readonly record struct TrainingCheck(double Loss, double GradientNorm)
{
    // Both sides add float32 in their own order: losses agree to seven digits or so, norms to somewhat fewer.
    private const double LargestLossDifference = 1e-4;
    private const double LargestNormDifference = 1e-3;

    /// <summary>How far another loss is, relative to this.</summary>
    public double LossDifference(TrainingCheck other) => Math.Abs(other.Loss / Loss - 1);

    /// <summary>Whether both are of the same work. Not "unless greater": a number that is none must not pass.</summary>
    public bool Agrees(TrainingCheck other) =>
        LossDifference(other) <= LargestLossDifference && Math.Abs(other.GradientNorm / GradientNorm - 1) <= LargestNormDifference;
}
