namespace Formwork.Training;

/// <summary>A number of a step is not finite. The trainer says so with the last good checkpoint.</summary>
internal sealed class DivergenceException(long step, string tensor) : Exception($"step {step}: {tensor}")
{
    /// <summary>The step.</summary>
    public long Step { get; } = step;

    /// <summary>Where the first such number is.</summary>
    public string Tensor { get; } = tensor;
}
