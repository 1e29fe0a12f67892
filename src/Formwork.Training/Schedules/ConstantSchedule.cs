namespace Formwork.Training.Schedules;

/// <summary>The peak for ever.</summary>
/// <inheritdoc cref="LearningRateSchedule"/>
public sealed record ConstantSchedule(double Peak, long WarmUp = 0) : LearningRateSchedule(Peak, WarmUp)
{
    /// <inheritdoc/>
    protected override double AfterWarmUp(long step) => Peak;
}
