using System.Numerics;

namespace Formwork.Runtime.Sampling;

/// <summary>
/// How a token is chosen from logits. Applied in this order, as Hugging Face's <c>generate</c> does: penalties, temperature, top-k, top-p,
/// min-p, then one random choice among what is left. The defaults change nothing: a choice by the model's own probabilities.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>Logits are divided by it; 0 always takes the most probable token (greedy; equal ones: the lowest id), and the options below but the penalties do nothing.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Keeps the k most probable tokens (equal ones: the lowest ids first); 0 keeps all. Fan, Lewis, Dauphin 2018.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps the fewest most probable tokens whose probabilities add up to at least this; 1 keeps all. Nucleus sampling: Holtzman et al. 2020, section 3.1.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Keeps the tokens at least this fraction as probable as the most probable one; 0 keeps all. Nguyen et al. 2024, "Turning up the heat", section 3.</summary>
    public float MinP { get; init; }

    /// <summary>
    /// For every token that is already in the text, the prompt included: a positive logit is divided by it, a negative one multiplied; 1 changes
    /// nothing. Keskar et al. 2019 (CTRL), section 4.1, in the form of Hugging Face's <c>RepetitionPenaltyLogitsProcessor</c>.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted from a token's logit for every time it was generated, the prompt not counted. OpenAI's API reference, "frequency and presence penalties".</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted from a token's logit once if it was generated at all, the prompt not counted. The same source.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>The same seed, options and logits give the same tokens; null for a new one each time.</summary>
    public int? Seed { get; init; }

    /// <summary>Where the random numbers come from.</summary>
    public RandomSource Random { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidInputException">One is out of its range, or does not go with another; the message names it.</exception>
    public void Validate()
    {
        Check(nameof(Temperature), Temperature, Temperature >= 0, "a finite number, 0 or more", "Use 0 for greedy, 1 for the model's own probabilities.");
        Check(nameof(TopK), TopK, TopK >= 0, "a whole number, 0 or more", "Use 0 to keep all tokens.");
        Check(nameof(TopP), TopP, TopP is > 0 and <= 1, "a number above 0, at most 1", "Use 1 to keep all tokens.");
        Check(nameof(MinP), MinP, MinP is >= 0 and <= 1, "a number from 0 to 1", "Use 0 to keep all tokens.");
        Check(nameof(RepetitionPenalty), RepetitionPenalty, RepetitionPenalty > 0, "a finite number above 0", "Use 1 for no penalty, about 1.1 for a mild one.");
        Check(nameof(FrequencyPenalty), FrequencyPenalty, true, "a finite number", "Use 0 for no penalty.");
        Check(nameof(PresencePenalty), PresencePenalty, true, "a finite number", "Use 0 for no penalty.");
        if (!Enum.IsDefined(Random))
            throw new InvalidInputException(nameof(Random), null, $"{(int)Random}", string.Join(" or ", Enum.GetNames<RandomSource>()), "Choose one of them.");
        if (Random == RandomSource.Llama2C)
            ValidateLlama2C();
    }

    private void ValidateLlama2C()
    {
        const string Remedy = "Turn it off, or use RandomSource.Default.";
        Check(nameof(TopK), TopK, TopK == 0, "0 with RandomSource.Llama2C, which knows temperature and top-p only", Remedy);
        Check(nameof(MinP), MinP, MinP == 0, "0 with RandomSource.Llama2C, which knows temperature and top-p only", Remedy);
        Check(nameof(RepetitionPenalty), RepetitionPenalty, RepetitionPenalty == 1, "1 with RandomSource.Llama2C, which has no penalties", Remedy);
        Check(nameof(FrequencyPenalty), FrequencyPenalty, FrequencyPenalty == 0, "0 with RandomSource.Llama2C, which has no penalties", Remedy);
        Check(nameof(PresencePenalty), PresencePenalty, PresencePenalty == 0, "0 with RandomSource.Llama2C, which has no penalties", Remedy);
        if (Seed <= 0)
            throw new InvalidInputException(nameof(Seed), null, $"{Seed}", "1 or more with RandomSource.Llama2C, as in llama2.c", "Choose a positive seed, or leave it out.");
    }

    private static void Check<T>(string option, T value, bool inRange, string expected, string remedy)
        where T : INumber<T>
    {
        if (!inRange || !T.IsFinite(value))
            throw new InvalidInputException(option, null, FormattableString.Invariant($"{value}"), expected, remedy);
    }
}
