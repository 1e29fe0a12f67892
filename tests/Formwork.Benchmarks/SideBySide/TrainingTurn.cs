namespace Formwork.Benchmarks.SideBySide;

/// <summary>What a step took.</summary>
/// <param name="Forward">The forward pass, loss included.</param>
/// <param name="Backward">The backward pass.</param>
/// <param name="Optimizer">The norm, the clipping, the optimizer, and taking the gradients away.</param>
internal readonly record struct TrainingTurn(TimeSpan Forward, TimeSpan Backward, TimeSpan Optimizer)
{
    /// <summary>The whole step.</summary>
    public TimeSpan Whole => Forward + Backward + Optimizer;
}
