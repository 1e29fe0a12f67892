namespace Formwork.Benchmarks.SideBySide;

/// <summary>The parts of one contender's steps, in milliseconds.</summary>
internal sealed class TrainingParts
{
    /// <summary>Forward passes.</summary>
    public Samples Forward { get; } = new();

    /// <summary>Backward passes.</summary>
    public Samples Backward { get; } = new();

    /// <summary>Clipping and optimizer.</summary>
    public Samples Optimizer { get; } = new();

    /// <summary>Forward and backward passes together.</summary>
    public Samples Passes { get; } = new();

    /// <summary>Adds a step.</summary>
    public void Add(TrainingTurn turn)
    {
        Forward.Add(turn.Forward.TotalMilliseconds);
        Backward.Add(turn.Backward.TotalMilliseconds);
        Optimizer.Add(turn.Optimizer.TotalMilliseconds);
        Passes.Add((turn.Forward + turn.Backward).TotalMilliseconds);
    }
}
