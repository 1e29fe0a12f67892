namespace Formwork.Training.Schedules;

/// <summary>A straight line from the peak to the final learning rate.</summary>
/// <inheritdoc cref="DecayingSchedule"/>
public sealed record LinearSchedule(double Peak, long WarmUp, long Steps, double Final = 0) : DecayingSchedule(Peak, WarmUp, Steps, Final)
{
    /// <inheritdoc/>
    private protected override double Share(double progress) => 1 - progress;
}
