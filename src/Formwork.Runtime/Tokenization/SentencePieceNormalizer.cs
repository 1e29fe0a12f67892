using System.Runtime.InteropServices;
using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// What SentencePiece does to a text before it looks for pieces: its character map, extra spaces, a space in front, visible spaces (as
/// sentencepiece's <c>normalizer.cc</c>).
/// </summary>
internal sealed class SentencePieceNormalizer(SentencePieceModel model)
{
    private static readonly byte[] Space = " "u8.ToArray(), VisibleSpace = "\u2581"u8.ToArray();

    /// <summary>
    /// The text as pieces have it. One that does not begin the whole text (<paramref name="first"/>) stands after a special token: no space is put
    /// in front, and where extra spaces go one stays, since it parts the words.
    /// </summary>
    public string Normalize(string text, bool first)
    {
        var normalized = new List<byte>(text.Length + 3);
        byte[] space = model.EscapeSpaces ? VisibleSpace : Space;
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        bool skipped = model.RemoveExtraSpaces && SkipSpaces(ref rest);
        if (rest.IsEmpty)
            return "";
        if (first ? model.AddSpaceInFront : skipped)
            normalized.AddRange(space);
        bool afterSpace = model.RemoveExtraSpaces;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> next = Next(rest, out int length);
            rest = rest[length..];
            if (afterSpace)
                next = next.TrimStart((byte)' ');
            foreach (byte value in next)
            {
                if (value == ' ')
                    normalized.AddRange(space);
                else
                    normalized.Add(value);
            }
            if (!next.IsEmpty)
                afterSpace = model.RemoveExtraSpaces && next[^1] == ' ';
        }
        Span<byte> written = CollectionsMarshal.AsSpan(normalized);
        while (model.RemoveExtraSpaces && written.EndsWith(space))
            written = written[..^space.Length];
        return Encoding.UTF8.GetString(written);
    }

    private bool SkipSpaces(ref ReadOnlySpan<byte> rest)
    {
        bool skipped = false;
        while (!rest.IsEmpty && Next(rest, out int length).SequenceEqual(Space))
        {
            rest = rest[length..];
            skipped = true;
        }
        return skipped;
    }

    /// <summary>What becomes of the text's beginning: of the map's longest key, or of one character.</summary>
    private ReadOnlySpan<byte> Next(ReadOnlySpan<byte> rest, out int length)
    {
        if (model.Map is not null && model.Map.TryLongest(rest, out length, out ReadOnlySpan<byte> replacement))
            return replacement;
        Rune.DecodeFromUtf8(rest, out _, out length);
        return rest[..length];
    }
}
