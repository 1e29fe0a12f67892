using System.Text.RegularExpressions;
using Formwork.Runtime.Tokenization.Unicode;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Words by a regular expression.</summary>
/// <param name="regex">The pattern.</param>
/// <param name="behavior">What becomes of its matches.</param>
/// <param name="invert">Whether what lies between matches is taken for the matches.</param>
internal sealed partial class RegexSplitter(Regex regex, SplitBehavior behavior, bool invert) : DelimiterSplitter(behavior)
{
    /// <summary>GPT-2's: contractions, letters, numbers, other symbols, each with a space before; the last of several spaces goes to the next word.</summary>
    public static RegexSplitter Gpt2 { get; } = new(Gpt2Words(), SplitBehavior.Isolated, invert: false);

    /// <summary>Words and runs of symbols, white space dropped: <c>\w+|[^\w\s]+</c>, with the letters, marks and digits that <c>\w</c> means to Rust.</summary>
    public static RegexSplitter Words { get; } = new(WordsOrSymbols(), SplitBehavior.Removed, invert: true);

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Words();

    [GeneratedRegex(@"[\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u200C\u200D\u24B6-\u24E9]+|[^\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u200C\u200D\u24B6-\u24E9\s]+", RegexOptions.CultureInvariant)]
    private static partial Regex WordsOrSymbols();

    protected override IEnumerable<(int Offset, int Length, bool IsDelimiter)> Spans(string text)
    {
        RuneShadow shadow = RuneShadow.Of(text);
        int done = 0;
        for (Match match = GuardedRegex.Run(regex, () => regex.Match(shadow.Text)); match.Success; match = GuardedRegex.Run(regex, match.NextMatch))
        {
            int begin = shadow.Offset(match.Index), end = shadow.Offset(match.Index + match.Length);
            if (begin > done)
                yield return (done, begin - done, invert);
            if (end > begin)
                yield return (begin, end - begin, !invert);
            done = end;
        }
        if (done < text.Length)
            yield return (done, text.Length - done, invert);
    }
}
