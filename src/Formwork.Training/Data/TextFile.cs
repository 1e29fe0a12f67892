using System.Text;
using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>A text file in UTF-8, plain or <c>.gz</c>, line by line or in long pieces.</summary>
internal static class TextFile
{
    private const int LongestLine = 1 << 26;
    private const int LongestPiece = 1 << 20;
    private const int UsualChunk = 1 << 20;

    /// <summary>The lines, without <c>\n</c> or <c>\r\n</c>. A file that ends in a line's end has no empty line after it.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, is no UTF-8, or has a line of more than 64 MiB.</exception>
    public static IEnumerable<string> Lines(string path)
    {
        using var reader = new TextPieceReader(path, LongestLine);
        while (true)
        {
            long line = reader.Line;
            if (reader.Next() is not { } piece)
                yield break;
            if (piece[^1] == '\n')
                yield return piece.EndsWith("\r\n", StringComparison.Ordinal) ? piece[..^2] : piece[..^1];
            else if (Encoding.UTF8.GetByteCount(piece) < LongestLine - 3)
                yield return piece;
            else
                throw new InvalidInputException(path, $"line {line}", "more than 64 MiB", "a text a line", "Read the file as one stream, or put line ends between its texts.");
        }
    }

    /// <summary>
    /// The whole text, in pieces that a tokenizer can take. They are cut before a line that begins with a letter and after one that is not
    /// empty, where tokens end in any case; only texts of very long lines are cut elsewhere.
    /// </summary>
    /// <exception cref="InvalidInputException">It cannot be read, or is no UTF-8.</exception>
    public static IEnumerable<(string Text, long Line)> Chunks(string path, int characters = UsualChunk)
    {
        using var reader = new TextPieceReader(path, LongestPiece);
        var chunk = new StringBuilder();
        long first = 1, line = 1;
        bool goodEnd = false;
        while (reader.Next() is { } piece)
        {
            if (chunk.Length >= characters && ((goodEnd && !char.IsWhiteSpace(piece[0])) || chunk.Length >= 4L * characters))
            {
                yield return (chunk.ToString(), first);
                chunk.Clear();
                first = line;
            }
            chunk.Append(piece);
            goodEnd = piece[^1] == '\n' && piece.Length > 1 && !char.IsWhiteSpace(piece[^2]);
            line = reader.Line;
        }
        if (chunk.Length > 0)
            yield return (chunk.ToString(), first);
    }
}
