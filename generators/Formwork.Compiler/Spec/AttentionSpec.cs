namespace Formwork.Compiler.Spec;

/// <summary>Attention, <c>attention:</c>.</summary>
/// <param name="Heads">Number of query heads.</param>
/// <param name="KeyValueHeads">Number of key/value heads; divides <paramref name="Heads"/> (Ainslie et al. 2023, grouped queries).</param>
/// <param name="HeadWidth">Width of a head; width / heads unless said.</param>
/// <param name="QueryBias">Whether the query projection has a bias.</param>
/// <param name="KeyBias">Whether the key projection has a bias.</param>
/// <param name="ValueBias">Whether the value projection has a bias.</param>
/// <param name="OutputBias">Whether the output projection has a bias.</param>
/// <param name="Scale">What scores are multiplied by; 1/√head width unless said.</param>
/// <param name="Rotary">Rotary positions of queries and keys; null for none.</param>
public sealed record AttentionSpec(
    int Heads,
    int KeyValueHeads,
    int HeadWidth,
    bool QueryBias,
    bool KeyBias,
    bool ValueBias,
    bool OutputBias,
    double Scale,
    RotarySpec? Rotary)
{
    /// <summary>
    /// How many tokens a token sees: causal, the last so many, itself included (Mistral); bidirectional, half as many to each side (ModernBERT).
    /// Null for all.
    /// </summary>
    public int? Window { get; init; }

    /// <summary>Scores s become cap·tanh(s / cap) (Gemma 2); null for no cap.</summary>
    public double? ScoreCap { get; init; }

    /// <summary>Whether each head has a learned score that takes a share of the softmax and gives nothing (gpt-oss).</summary>
    public bool Sinks { get; init; }

    /// <summary>Which norm queries and keys pass.</summary>
    public QueryKeyNorm QueryKeyNorm { get; init; }

    /// <summary>Latent attention; null for none. The head width is then the rotated and the other numbers together.</summary>
    public LatentSpec? Latent { get; init; }

    /// <summary>The part's own norm; null when it is the layer's.</summary>
    public NormSpec? Norm { get; init; }

    /// <summary>Width of a head's value.</summary>
    public int ValueWidth => Latent?.ValueWidth ?? HeadWidth;
}

/// <summary>Which norm queries and keys pass before they are rotated.</summary>
public enum QueryKeyNorm
{
    /// <summary>None.</summary>
    None,

    /// <summary>Each head by itself, all with one gain of the head's width (Qwen3, Gemma 3).</summary>
    Head,

    /// <summary>All heads as one row (OLMo 2).</summary>
    Whole,
}

/// <summary>
/// Latent attention (DeepSeek-V2 2024, section 2.1): keys and values come from one narrow vector a token, and a part of the key, which is
/// rotated, is common to all heads.
/// </summary>
/// <param name="QueryRank">Width of the narrow vector that queries come from; null when they come from the residual stream.</param>
/// <param name="KeyValueRank">Width of the narrow vector that keys and values come from.</param>
/// <param name="RotaryWidth">How many of a head's numbers are rotated, the last ones.</param>
/// <param name="ValueWidth">Width of a head's value.</param>
public sealed record LatentSpec(int? QueryRank, int KeyValueRank, int RotaryWidth, int ValueWidth);
