using Formwork.Runtime.Models;
using Formwork.Runtime.Sampling;

namespace Formwork.Runtime.Generation;

/// <summary>How a text is continued: how tokens are chosen and when to stop. It always stops at the model's end tokens and when the context is full.</summary>
public sealed record GenerationOptions
{
    /// <summary>How each token is chosen; null for the model's own way (<see cref="GenerationDefaults.ToSampling"/>).</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>The most new tokens; null for no limit. 0 generates nothing.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>
    /// The most tokens in all, the prompt's counted, a begin token not (llama2.c's <c>-n</c>); null for no limit. A longer prompt is cut when
    /// it is echoed, and nothing is generated.
    /// </summary>
    public int? MaxLength { get; init; }

    /// <summary>
    /// Generation ends when one of these appears in the new text; what stands before it is given out, the stop string is not. When several
    /// match, the one that is complete first counts; of those that are complete at once, the longest. Compared by code unit, case included.
    /// </summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Whether the pieces begin with the prompt, decoded from its tokens.</summary>
    public bool EchoPrompt { get; init; }

    /// <summary>Filled while the generation runs, for the caller to read between pieces and afterwards; null for none.</summary>
    public GenerationStatistics? Statistics { get; init; }

    /// <summary>Called with every new token and the counts so far, its own included, before the token's text is given out. End tokens are not reported.</summary>
    public Action<int, GenerationStatistics>? OnToken { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidInputException">One is out of its range; the message names it.</exception>
    public void Validate()
    {
        Sampling?.Validate();
        CheckCount(nameof(MaxTokens), MaxTokens);
        CheckCount(nameof(MaxLength), MaxLength);
        for (var i = 0; i < StopStrings.Count; i++)
            CheckStopString($"{nameof(StopStrings)}[{i}]", StopStrings[i]);
    }

    private static void CheckCount(string option, int? count)
    {
        if (count < 0)
            throw new InvalidInputException(option, null, $"{count}", "0 or more tokens", "Leave it out for no limit.");
    }

    private static void CheckStopString(string option, string? text)
    {
        const string Remedy = "Give the text that should end the generation, or leave it out.";
        if (string.IsNullOrEmpty(text))
            throw new InvalidInputException(option, null, "an empty text", "at least one character", Remedy);
        // Text is generated in whole characters, so half a surrogate pair could never match, or would cut a character in two.
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                i++;
            else if (char.IsSurrogate(text[i]))
                throw new InvalidInputException(option, $"character {i}", $"half a surrogate pair, U+{(int)text[i]:X4}", "whole characters", Remedy);
        }
    }
}
