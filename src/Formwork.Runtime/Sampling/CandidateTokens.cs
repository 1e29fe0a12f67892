namespace Formwork.Runtime.Sampling;

/// <summary>The tokens a sampler would choose among, with their probabilities, which add up to 1. Valid until the sampler's next call.</summary>
public readonly ref struct CandidateTokens
{
    internal CandidateTokens(ReadOnlySpan<int> tokens, ReadOnlySpan<float> probabilities)
    {
        Tokens = tokens;
        Probabilities = probabilities;
    }

    /// <summary>The tokens: by falling probability where top-k or top-p had to sort them, else by rising id.</summary>
    public ReadOnlySpan<int> Tokens { get; }

    /// <summary>The probability of each of <see cref="Tokens"/>.</summary>
    public ReadOnlySpan<float> Probabilities { get; }
}
