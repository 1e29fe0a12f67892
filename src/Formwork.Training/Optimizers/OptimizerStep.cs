namespace Formwork.Training.Optimizers;

/// <summary>What an optimizer is given at a step.</summary>
internal readonly unsafe struct OptimizerStep
{
    /// <summary>The weights, which it changes.</summary>
    public required float* Weights { get; init; }

    /// <summary>The gradients, of the same packing, which it sets to zero.</summary>
    public required float* Gradients { get; init; }

    /// <summary>The step, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>What gradients are multiplied by first: the clipping.</summary>
    public required float GradientFactor { get; init; }
}
