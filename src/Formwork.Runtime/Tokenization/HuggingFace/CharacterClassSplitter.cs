using System.Text;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Cuts at every character of a class.</summary>
internal sealed class CharacterClassSplitter(Func<Rune, bool> isDelimiter, SplitBehavior behavior) : DelimiterSplitter(behavior)
{
    /// <summary>White space is dropped.</summary>
    public static CharacterClassSplitter WhiteSpace { get; } = new(Rune.IsWhiteSpace, SplitBehavior.Removed);

    /// <summary>BERT's: white space is dropped, each punctuation mark is a word.</summary>
    public static WordSplitter Bert { get; } = new Sequence([WhiteSpace, new CharacterClassSplitter(IsPunctuation, SplitBehavior.Isolated)]);

    /// <summary>All of ASCII that is no letter, digit, space or control, and Unicode's punctuation.</summary>
    public static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? rune.Value > ' ' && rune.Value < 0x7F && !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);

    protected override IEnumerable<(int Offset, int Length, bool IsDelimiter)> Spans(string text)
    {
        int begin = 0, at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (isDelimiter(rune))
            {
                if (at > begin)
                    yield return (begin, at - begin, false);
                yield return (at, rune.Utf16SequenceLength, true);
                begin = at + rune.Utf16SequenceLength;
            }
            at += rune.Utf16SequenceLength;
        }
        if (at > begin)
            yield return (begin, at - begin, false);
    }
}
