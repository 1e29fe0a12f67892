namespace Formwork.Training.Schedules;

/// <summary>A learning rate for every step. It rises in a straight line to its peak while it warms up; what comes then is each schedule's own.</summary>
/// <param name="Peak">The greatest learning rate, reached at step <paramref name="WarmUp"/>.</param>
/// <param name="WarmUp">Steps of warm-up; 0 for none.</param>
public abstract record LearningRateSchedule(double Peak, long WarmUp)
{
    /// <summary>The learning rate of a step, counted from 1.</summary>
    public double At(long step) => step < WarmUp ? Peak * step / WarmUp : AfterWarmUp(step);

    /// <summary>The learning rate of a step after the warm-up.</summary>
    protected abstract double AfterWarmUp(long step);

    /// <summary>The schedule in words that are the same in every culture, for telling runs apart.</summary>
    internal virtual string Words => FormattableString.Invariant($"{GetType().Name} peak {Peak:R} warm-up {WarmUp}");

    /// <summary>What is wrong with it; null for nothing.</summary>
    internal virtual string? Fault => Peak > 0 && double.IsFinite(Peak) && WarmUp >= 0 ? null : FormattableString.Invariant($"a peak of {Peak} after {WarmUp} steps");
}
