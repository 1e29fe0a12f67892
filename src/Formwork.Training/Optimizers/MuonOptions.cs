using Formwork.Runtime.Weights;

namespace Formwork.Training.Optimizers;

/// <summary>
/// Muon (Jordan et al. 2024) for the layers' matrices: momentum, made orthogonal. AdamW for all else: embeddings, unembedding, heads, vectors.
/// Steps are scaled by 0.2·√max(rows, columns), which makes their size that of AdamW's, so that both take one learning rate and one weight
/// decay (Liu et al. 2025, "Muon is scalable for LLM training").
/// </summary>
public sealed record MuonOptions : OptimizerOptions
{
    /// <summary>How much of the momentum is kept at each step.</summary>
    public double Momentum { get; init; } = 0.95;

    /// <summary>Newton–Schulz iterations.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>AdamW's part, and the weight decay of both.</summary>
    public AdamWOptions AdamW { get; init; } = new();

    /// <inheritdoc/>
    internal override Optimizer Create(TrainedWeights weights, int workers) => new Muon(this, weights, workers);

    /// <summary>Whether a parameter is a matrix of a layer, and no table or router.</summary>
    internal static bool Includes(WeightSlot slot) => slot is { Rows: > 1, Columns: > 1 } && slot.Parameter.EndsWith(".weight", StringComparison.Ordinal)
        && slot.Parameter.Contains("layers.", StringComparison.Ordinal) && !slot.Parameter.Contains(".router.", StringComparison.Ordinal);

    /// <inheritdoc/>
    internal override string Words => FormattableString.Invariant($"Muon momentum {Momentum:R} iterations {Iterations}; {AdamW.Words}");

    /// <inheritdoc/>
    internal override string? Fault => Momentum is >= 0 and < 1 && Iterations > 0 ? AdamW.Fault : Words;
}
