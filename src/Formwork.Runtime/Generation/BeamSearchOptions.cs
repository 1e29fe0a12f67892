using Formwork.Runtime.Models;

namespace Formwork.Runtime.Generation;

/// <summary>How the most probable texts are searched for. What is left open is taken from the model's <see cref="GenerationDefaults"/>.</summary>
public sealed record BeamSearchOptions
{
    /// <summary>How many texts are followed at a time; 1 is greedy. Null for the model's own number, or 4.</summary>
    public int? Beams { get; init; }

    /// <summary>How many texts are given, best first; at most <see cref="Beams"/>.</summary>
    public int Best { get; init; } = 1;

    /// <summary>
    /// The exponent α: a text's score is its log-probability divided by ((5 + length) / 6)^α, so that long texts are not punished for having
    /// more factors below one (Wu et al. 2016, section 7). 0 for none; null for the model's own, or 0.
    /// </summary>
    public float? LengthPenalty { get; init; }

    /// <summary>
    /// The most new tokens, an end token counted, tokens forced at the beginning not. Null for the source's tokens and 50 more (Vaswani et al.
    /// 2017, section 6.1); of a decoder-only model, for what its context holds.
    /// </summary>
    public int? MaxTokens { get; init; }

    /// <summary>When to stop.</summary>
    public BeamStopping Stopping { get; init; }

    /// <summary>Tokens that every text begins with, after the model's start token: a language's, for instance. They do not count in its score. Null for the model's own.</summary>
    public IReadOnlyList<int>? ForcedFirst { get; init; }

    /// <summary>Tokens that are never chosen. Null for the model's own.</summary>
    public IReadOnlyList<int>? Suppressed { get; init; }

    /// <summary>Checks every option, what is left open taken from <paramref name="defaults"/>.</summary>
    /// <param name="defaults">The model's own.</param>
    /// <param name="vocabulary">Number of token ids.</param>
    /// <returns>The options with nothing left open but <see cref="MaxTokens"/>.</returns>
    /// <exception cref="InvalidInputException">One is out of its range; the message names it.</exception>
    public BeamSearchOptions Complete(GenerationDefaults defaults, int vocabulary)
    {
        const int UsualBeams = 4, MostBeams = 1 << 16;
        BeamSearchOptions complete = this with
        {
            Beams = Beams ?? defaults.Beams ?? UsualBeams,
            LengthPenalty = LengthPenalty ?? defaults.LengthPenalty ?? 0,
            ForcedFirst = ForcedFirst ?? defaults.ForcedFirst,
            Suppressed = Suppressed ?? defaults.Suppressed,
        };
        Check(nameof(Beams), complete.Beams is >= 1 and <= MostBeams, $"{complete.Beams}", $"a number from 1 to {MostBeams}", "Use 1 for greedy, 4 or 5 for translation.");
        Check(nameof(Best), Best >= 1 && Best <= complete.Beams, $"{Best}", $"a number from 1 to {complete.Beams}, the number of beams", "Ask for fewer texts, or search with more beams.");
        Check(nameof(LengthPenalty), complete.LengthPenalty is >= 0 and < float.PositiveInfinity, FormattableString.Invariant($"{complete.LengthPenalty}"), "a finite number, 0 or more", "Use 0 for none, 0.6 to 1 for translation.");
        Check(nameof(MaxTokens), MaxTokens is null or >= 1, $"{MaxTokens}", "1 or more tokens", "Leave it out for the usual limit.");
        Check(nameof(Stopping), Enum.IsDefined(Stopping), $"{(int)Stopping}", string.Join(" or ", Enum.GetNames<BeamStopping>()), "Choose one of them.");
        TokenCheck.Ids(complete.ForcedFirst, vocabulary, nameof(ForcedFirst));
        TokenCheck.Ids(complete.Suppressed, vocabulary, nameof(Suppressed));
        return complete;
    }

    private static void Check(string option, bool holds, string found, string expected, string remedy)
    {
        if (!holds)
            throw new InvalidInputException(option, null, found, expected, remedy);
    }
}
