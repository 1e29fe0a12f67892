using System.Globalization;
using System.Text;

namespace Formwork.Training.Tokenization;

/// <summary>
/// GPT-2's rule for words, by hand for speed: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>. A character beyond
/// U+FFFF is one character. A test holds it to the expression.
/// </summary>
internal static class Gpt2Words
{
    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>The length of the word that begins a text, which is not empty.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'' && Contraction(text) is > 0 and var contraction)
            return contraction;
        int at = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        Kind kind = KindAt(text, at, out int width);
        if (kind == Kind.Space)
            return Spaces(text);
        do
            at += width;
        while (at < text.Length && KindAt(text, at, out width) == kind);
        return at;
    }

    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2)
            return 0;
        if (text[1] is 's' or 't' or 'm' or 'd')
            return 2;
        return text.Length > 2 && (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary>All spaces at a text's end; else all but the last, which goes to the next word or stands alone.</summary>
    private static int Spaces(ReadOnlySpan<char> text)
    {
        int count = 1;
        while (count < text.Length && char.IsWhiteSpace(text[count]))
            count++;
        return count == text.Length || count == 1 ? count : count - 1;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int at, out int width)
    {
        char character = text[at];
        width = 1;
        if (char.IsAsciiLetter(character))
            return Kind.Letter;
        if (char.IsSurrogate(character) && Rune.DecodeFromUtf16(text[at..], out Rune rune, out width) == System.Buffers.OperationStatus.Done)
            return OfCategory(Rune.GetUnicodeCategory(rune));
        return char.IsWhiteSpace(character) ? Kind.Space : OfCategory(char.GetUnicodeCategory(character));
    }

    private static Kind OfCategory(UnicodeCategory category) => category switch
    {
        <= UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ => Kind.Other,
    };
}
