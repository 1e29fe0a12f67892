namespace Formwork.Training.Optimizers;

/// <summary>Which optimizer trains, and how.</summary>
public abstract record OptimizerOptions
{
    /// <summary>Makes the optimizer with its state at zero.</summary>
    internal abstract Optimizer Create(TrainedWeights weights, int workers);

    /// <summary>The options in words that are the same in every culture, for telling runs apart.</summary>
    internal abstract string Words { get; }

    /// <summary>What is wrong with them; null for nothing.</summary>
    internal abstract string? Fault { get; }
}
