using Formwork.Runtime.Generation;
using Formwork.Runtime.Sampling;

namespace Formwork.Runtime.Models;

/// <summary>How a source text becomes a target text.</summary>
public sealed record TranslationOptions
{
    /// <summary>How the most probable text is searched for; greedy with one beam.</summary>
    public BeamSearchOptions Search { get; init; } = new();

    /// <summary>Given: tokens are drawn one by one in this way instead of searching. <see cref="BeamSearchOptions.MaxTokens"/>, forced and suppressed tokens still hold.</summary>
    public SamplingOptions? Sampling { get; init; }
}
