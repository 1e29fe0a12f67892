using Formwork.Runtime;

namespace Formwork.Training.Tokenization;

/// <summary>
/// Makes a byte-level BPE vocabulary (Sennrich et al. 2016, over bytes as in Radford et al. 2019): every word is bytes at first; the pair of
/// neighbours that occurs most often becomes one token, everywhere; and again, until the vocabulary is full. Of pairs equally frequent, the one
/// of the smaller ids is merged, as in Hugging Face's tokenizers: left ids first, then right ones, where bytes have their ids by their character.
/// </summary>
public static class BpeTrainer
{
    private const int Bytes = 256;

    /// <summary>Makes the vocabulary of some counted words.</summary>
    /// <exception cref="InvalidInputException">The vocabulary's size leaves no room for the bytes, or a special token comes twice.</exception>
    public static TrainedBpe Train(WordCounts words, BpeTrainingOptions options)
    {
        CheckSpecialTokens(options);
        int merges = options.VocabularySize - Bytes - options.SpecialTokens.Count;
        if (merges < 0)
            throw new InvalidInputException("vocabulary", null, $"{options.VocabularySize} ids", $"{Bytes + options.SpecialTokens.Count} or more: {Bytes} bytes and {options.SpecialTokens.Count} special tokens",
                "Ask for a larger vocabulary.");
        var state = new BpeMerges(words.Counts, options.SpecialTokens.Select(token => token.Text));
        var done = new List<(string Left, string Right)>();
        int tokens = state.Forms.Count;
        while (state.Forms.Count < tokens + merges && state.MergeBest(options.MinimumFrequency) is { } merge)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            done.Add((state.Forms[merge.Left], state.Forms[merge.Right]));
        }
        return new TrainedBpe(state.Forms, done, options, words.Lowercase, words.SpaceInFront);
    }

    private static void CheckSpecialTokens(BpeTrainingOptions options)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (SpecialToken token in options.SpecialTokens)
        {
            // A single character could be a byte's, whose text it would take away.
            if (token.Text.Length < 2 || !seen.Add(token.Text))
                throw new InvalidInputException("special tokens", null, token.Text.Length < 2 ? $"'{token.Text}'" : $"{token.Text} twice", "forms of two characters or more, each once",
                    "Correct the list.");
        }
        foreach (string? frame in new[] { options.FrameBegin, options.FrameEnd })
        {
            if (frame is not null && !seen.Contains(frame))
                throw new InvalidInputException("special tokens", null, $"no {frame}", "the tokens that frame a text among them", "Add it to the special tokens.");
        }
    }
}
