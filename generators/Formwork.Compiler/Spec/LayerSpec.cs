namespace Formwork.Compiler.Spec;

/// <summary>One layer: attention and feed-forward, each between norms, each added to the residual stream.</summary>
/// <param name="Attention">Attention of the sequence to itself.</param>
/// <param name="FeedForward">The feed-forward part.</param>
/// <param name="Norm">The norm of its parts, where they do not say their own.</param>
/// <param name="Placement">Where the norms stand.</param>
public sealed record LayerSpec(AttentionSpec Attention, FeedForwardSpec FeedForward, NormSpec Norm, NormPlacement Placement)
{
    /// <summary>A decoder's attention to the source, between the two other parts (Vaswani et al. 2017, section 3.2.3); null for none.</summary>
    public AttentionSpec? CrossAttention { get; init; }

    /// <summary>Whether the parts follow each other or stand side by side.</summary>
    public PartsArrangement Parts { get; init; }

    /// <summary>What a part's output is multiplied by before it is added to the residual stream (Granite's residual multiplier).</summary>
    public double ResidualScale { get; init; } = 1;
}

/// <summary>How attention and feed-forward of a layer stand to each other.</summary>
public enum PartsArrangement
{
    /// <summary>The feed-forward part reads what attention left.</summary>
    Sequential,

    /// <summary>Both read the same residual stream, each through a norm of its own (GPT-NeoX).</summary>
    Parallel,

    /// <summary>Both read one norm of the same residual stream (GPT-J, Phi).</summary>
    ParallelSharedNorm,
}
