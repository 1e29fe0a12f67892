namespace Formwork.Training.Schedules;

/// <summary>Half a cosine from the peak to the final learning rate: final + (peak − final) · (1 + cos πt) / 2 (Loshchilov and Hutter 2017).</summary>
/// <inheritdoc cref="DecayingSchedule"/>
public sealed record CosineSchedule(double Peak, long WarmUp, long Steps, double Final = 0) : DecayingSchedule(Peak, WarmUp, Steps, Final)
{
    /// <inheritdoc/>
    private protected override double Share(double progress) => (1 + Math.Cos(Math.PI * progress)) / 2;
}
