using Formwork.Compiler.Text;

namespace Formwork.Compiler.Spec;

/// <summary>How generating goes when the caller does not say, <c>generation:</c>. Null leaves it to the runtime.</summary>
public sealed record GenerationSpec
{
    /// <summary>The token that a decoder over a source starts with.</summary>
    public int? Start { get; init; }

    /// <summary>The tokens that come first whatever the model says (the target language of NLLB).</summary>
    public EquatableArray<int> ForcedFirst { get; init; } = EquatableArray<int>.Empty;

    /// <summary>Tokens that never come.</summary>
    public EquatableArray<int> Suppressed { get; init; } = EquatableArray<int>.Empty;

    /// <summary>What logits are divided by; 0 takes the likeliest.</summary>
    public double? Temperature { get; init; }

    /// <summary>Only so many of the likeliest tokens.</summary>
    public int? TopK { get; init; }

    /// <summary>Only the likeliest tokens that have this share together.</summary>
    public double? TopP { get; init; }

    /// <summary>What the logits of tokens that came already are divided by.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Number of beams.</summary>
    public int? Beams { get; init; }

    /// <summary>The exponent of the length that beams' scores are divided by (Wu et al. 2016, section 7).</summary>
    public double? LengthPenalty { get; init; }
}
