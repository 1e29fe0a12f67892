using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Formwork.Runtime.Tokenization;

/// <summary>Words by a regular expression: its matches, and what lies between them.</summary>
internal sealed partial class RegexSplitter(Regex regex) : WordSplitter
{
    /// <summary>GPT-2's: contractions, letters, numbers, other symbols, each with a space before; the last of several spaces goes to the next word.</summary>
    public static RegexSplitter Gpt2 { get; } = new(Gpt2Words());

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Words();

    public override IEnumerable<string> Split(string text, bool first) => Spans(text).Select(span => text.Substring(span.Offset, span.Length));

    /// <summary>Every part of the text in order, matches and the rest.</summary>
    public IEnumerable<(int Offset, int Length, bool IsMatch)> Spans(string text)
    {
        RuneShadow shadow = RuneShadow.Of(text);
        int done = 0;
        for (Match match = Next(() => regex.Match(shadow.Text)); match.Success; match = Next(match.NextMatch))
        {
            int begin = shadow.Offset(match.Index), end = shadow.Offset(match.Index + match.Length);
            if (begin > done)
                yield return (done, begin - done, false);
            if (end > begin)
                yield return (begin, end - begin, true);
            done = end;
        }
        if (done < text.Length)
            yield return (done, text.Length - done, false);
    }

    private Match Next(Func<Match> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new InvalidInputException("tokenizer", "pre_tokenizer", $"a pattern that takes too long on this text: {regex}", "a pattern that matches in linear time",
                "Use a tokenizer with a simpler pattern.", exception);
        }
    }
}
