namespace Formwork.Training.Schedules;

/// <summary>From the peak to a final learning rate at a given step, and that from there on.</summary>
/// <param name="Peak">The greatest learning rate.</param>
/// <param name="WarmUp">Steps of warm-up; 0 for none.</param>
/// <param name="Steps">The step that has the final learning rate.</param>
/// <param name="Final">The final learning rate.</param>
public abstract record DecayingSchedule(double Peak, long WarmUp, long Steps, double Final) : LearningRateSchedule(Peak, WarmUp)
{
    /// <inheritdoc/>
    protected override double AfterWarmUp(long step) =>
        step >= Steps ? Final : Final + (Peak - Final) * Share((step - WarmUp) / (double)(Steps - WarmUp));

    /// <summary>How much is left of the way down after a share of the steps.</summary>
    private protected abstract double Share(double progress);

    /// <inheritdoc/>
    internal override string Words => FormattableString.Invariant($"{base.Words} to {Final:R} at {Steps}");

    /// <inheritdoc/>
    internal override string? Fault => base.Fault ??
        (Final >= 0 && Final <= Peak && Steps >= WarmUp ? null : FormattableString.Invariant($"a final rate of {Final} at step {Steps}, from {Peak} at step {WarmUp}"));
}
