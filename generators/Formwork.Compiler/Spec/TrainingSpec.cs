namespace Formwork.Compiler.Spec;

/// <summary>What the compiled model needs for learning, <c>training:</c>; how it learns is said when it does.</summary>
public sealed record TrainingSpec
{
    /// <summary>Dropout of the embedding, positions added (Vaswani et al. 2017, section 5.4).</summary>
    public double EmbeddingDropout { get; init; }

    /// <summary>Dropout of each part's output, before it is added to the residual stream.</summary>
    public double ResidualDropout { get; init; }

    /// <summary>Dropout of the softmax's weights in attention.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Dropout between the projections of the feed-forward part.</summary>
    public double ActivationDropout { get; init; }

    /// <summary>What is computed again in the backward pass instead of being kept.</summary>
    public Recompute Recompute { get; init; }
}

/// <summary>What is computed again in the backward pass instead of being kept (Chen et al. 2016).</summary>
public enum Recompute
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Each layer's inside: only the residual stream between layers is kept.</summary>
    Layers,
}
