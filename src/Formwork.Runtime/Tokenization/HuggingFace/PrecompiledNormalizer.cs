using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>
/// SentencePiece's character map as Hugging Face applies it, which is not as SentencePiece does: each grapheme of fewer than six bytes becomes what
/// the shortest key that begins it becomes, however long it is; otherwise each of its characters does.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : TextNormalizer
{
    private const int LongestGrapheme = 5;

    public override string Normalize(string text)
    {
        var normalized = new StringBuilder(text.Length);
        int length;
        for (int at = 0; at < text.Length; at += length)
        {
            length = StringInfo.GetNextTextElementLength(text, at);
            ReadOnlySpan<char> grapheme = text.AsSpan(at, length);
            if (Encoding.UTF8.GetByteCount(grapheme) <= LongestGrapheme && Replacement(grapheme) is { } whole)
                normalized.Append(whole);
            else
                AppendCharacters(grapheme, normalized);
        }
        return normalized.ToString();
    }

    private void AppendCharacters(ReadOnlySpan<char> grapheme, StringBuilder normalized)
    {
        int length;
        for (int at = 0; at < grapheme.Length; at += length)
        {
            Rune.DecodeFromUtf16(grapheme[at..], out _, out length);
            ReadOnlySpan<char> character = grapheme.Slice(at, length);
            if (Replacement(character) is { } replaced)
                normalized.Append(replaced);
            else
                normalized.Append(character);
        }
    }

    private string? Replacement(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[8];
        int count = Encoding.UTF8.GetBytes(text, utf8);
        return map.TryShortest(utf8[..count], out ReadOnlySpan<byte> replacement) ? Encoding.UTF8.GetString(replacement) : null;
    }
}
