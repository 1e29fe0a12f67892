namespace Formwork.Training.Optimizers;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch computes it. Matrices decay, embeddings among them; vectors, which
/// are gains and biases, do not.
/// </summary>
public sealed record AdamWOptions : OptimizerOptions
{
    /// <summary>How much of the mean gradient is kept at each step.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How much of the mean squared gradient is kept at each step.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What is added to the root of the mean squared gradient.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>What share of itself, times the learning rate, a matrix loses at each step.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <inheritdoc/>
    internal override Optimizer Create(TrainedWeights weights, int workers) => new AdamW(this, weights.Values.Length, WeightChunks.Find(weights.Table));

    /// <inheritdoc/>
    internal override string Words => FormattableString.Invariant($"AdamW beta {Beta1:R} {Beta2:R} epsilon {Epsilon:R} decay {WeightDecay:R}");

    /// <inheritdoc/>
    internal override string? Fault => Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1 && Epsilon > 0 && WeightDecay >= 0 ? null : Words;
}
