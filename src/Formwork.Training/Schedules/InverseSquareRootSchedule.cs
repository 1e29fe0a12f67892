namespace Formwork.Training.Schedules;

/// <summary>After the warm-up peak · √(warm-up / step), as fairseq's <c>inverse_sqrt</c>; never below the final learning rate.</summary>
/// <param name="Peak">The greatest learning rate.</param>
/// <param name="WarmUp">Steps of warm-up, at least one.</param>
/// <param name="Final">The least learning rate after the warm-up.</param>
public sealed record InverseSquareRootSchedule(double Peak, long WarmUp, double Final = 0) : LearningRateSchedule(Peak, WarmUp)
{
    /// <summary>The schedule of Vaswani et al. 2017, section 5.3: factor · width^−½ · min(step^−½, step · warm-up^−1.5).</summary>
    /// <param name="width">The model's width.</param>
    /// <param name="warmUp">Steps of warm-up, at least one.</param>
    /// <param name="factor">A factor; 1 in the paper.</param>
    public static InverseSquareRootSchedule Noam(int width, long warmUp, double factor = 1) => new(factor / Math.Sqrt(width * (double)warmUp), warmUp);

    /// <inheritdoc/>
    protected override double AfterWarmUp(long step) => Math.Max(Peak * Math.Sqrt(WarmUp / (double)step), Final);

    /// <inheritdoc/>
    internal override string Words => FormattableString.Invariant($"{base.Words} not below {Final:R}");

    /// <inheritdoc/>
    internal override string? Fault => base.Fault ??
        (WarmUp > 0 && Final >= 0 && Final <= Peak ? null : FormattableString.Invariant($"a warm-up of {WarmUp} steps and a final rate of {Final}"));
}
