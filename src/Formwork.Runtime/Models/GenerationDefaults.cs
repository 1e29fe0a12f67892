using Formwork.Runtime.Sampling;

namespace Formwork.Runtime.Models;

/// <summary>How a model's authors generate with it; what the caller's options leave open is taken from here.</summary>
public sealed record GenerationDefaults
{
    /// <summary>The token that a target begins with; encoder-decoder models need one here or as the tokenizer's begin token.</summary>
    public int? Start { get; init; }

    /// <summary>Tokens that every target has after <see cref="Start"/>: a language's, for instance.</summary>
    public IReadOnlyList<int> ForcedFirst { get; init; } = [];

    /// <summary>Tokens that are never generated.</summary>
    public IReadOnlyList<int> Suppressed { get; init; } = [];

    /// <summary>See <see cref="SamplingOptions.Temperature"/>.</summary>
    public float? Temperature { get; init; }

    /// <summary>See <see cref="SamplingOptions.TopK"/>.</summary>
    public int? TopK { get; init; }

    /// <summary>See <see cref="SamplingOptions.TopP"/>.</summary>
    public float? TopP { get; init; }

    /// <summary>See <see cref="SamplingOptions.RepetitionPenalty"/>.</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>Number of beams.</summary>
    public int? Beams { get; init; }

    /// <summary>Exponent α of the length penalty.</summary>
    public float? LengthPenalty { get; init; }

    /// <summary>How tokens are chosen when the caller does not say: as the model's authors do, and by its own probabilities where they are silent.</summary>
    public SamplingOptions ToSampling()
    {
        var plain = new SamplingOptions();
        return plain with
        {
            Temperature = Temperature ?? plain.Temperature,
            TopK = TopK ?? plain.TopK,
            TopP = TopP ?? plain.TopP,
            RepetitionPenalty = RepetitionPenalty ?? plain.RepetitionPenalty,
        };
    }
}
