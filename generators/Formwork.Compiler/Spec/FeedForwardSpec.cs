namespace Formwork.Compiler.Spec;

/// <summary>
/// The feed-forward part, <c>feed_forward:</c>: down(activation(up(x))), or down(activation(gate(x)) ∘ up(x)) when gated (Shazeer 2020).
/// With experts, <paramref name="Width"/> is one expert's.
/// </summary>
public sealed record FeedForwardSpec(int Width, Activation Activation, bool Gated, bool GateBias, bool UpBias, bool DownBias)
{
    /// <summary>Gated: the gate's input is at most this, up's within plus and minus it (gpt-oss); null for no bound.</summary>
    public double? Clamp { get; init; }

    /// <summary>Gated: what is added to up(x), after the bound.</summary>
    public double UpOffset { get; init; }

    /// <summary>A mixture of experts; null for one feed-forward part.</summary>
    public ExpertsSpec? Experts { get; init; }

    /// <summary>The part's own norm; null when it is the layer's.</summary>
    public NormSpec? Norm { get; init; }
}
