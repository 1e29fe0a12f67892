using Formwork.Runtime;
using Formwork.Runtime.Tokenization;

namespace Formwork.Training.Data;

/// <summary>How ids are hidden. The shares are those of Devlin et al. 2019, section 3.1.</summary>
/// <param name="MaskToken">The id that hides another.</param>
/// <param name="Vocabulary">Ids that replace others are less than this.</param>
/// <param name="SpecialIds">Ids that are never chosen, and never replace others.</param>
public sealed record MaskedLanguageOptions(int MaskToken, int Vocabulary, IReadOnlyCollection<int> SpecialIds)
{
    /// <summary>The share of each sequence's ids that are chosen, at least one of them.</summary>
    public double Share { get; init; } = 0.15;

    /// <summary>The share of the chosen ids that become the mask token.</summary>
    public double Masked { get; init; } = 0.8;

    /// <summary>The share of the chosen ids that become a random id; the rest stay as they are.</summary>
    public double Replaced { get; init; } = 0.1;

    /// <summary>An id put before each example, where the examples do not have it yet; null for none.</summary>
    public int? Begin { get; init; }

    /// <summary>An id put after each example; null for none.</summary>
    public int? End { get; init; }

    /// <summary>Takes the ids from a tokenizer: its mask token, its special tokens, and those that it names for other uses.</summary>
    /// <exception cref="InvalidInputException">It has no mask token.</exception>
    public static MaskedLanguageOptions Of(TextTokenizer tokenizer)
    {
        int mask = tokenizer.MaskToken ?? throw new InvalidInputException(tokenizer.Source, null, "no mask token", "one, to hide words",
            "Use a tokenizer that was made for masked language models.");
        int?[] known = [mask, tokenizer.ClsToken, tokenizer.SepToken, tokenizer.PadToken, tokenizer.UnknownToken];
        return new MaskedLanguageOptions(mask, tokenizer.VocabularySize, [.. tokenizer.SpecialTokens.Values.Union(known.OfType<int>()).Order()]);
    }
}
