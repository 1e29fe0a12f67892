using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// Reads tokenizer.bin: int32 longest piece, then for each id float32 score, int32 length, bytes; little-endian, up to the end of the file.
/// </summary>
internal static class Llama2CTokenizerReader
{
    private const int LongestPiece = 1024, ByteTokensEnd = 259;
    private const string Remedy = "Export the tokenizer again with llama2.c's tokenizer.py.";

    public static (string[] Pieces, float[] Scores) Read(string path)
    {
        byte[] file = TokenizerFile.Read(path);
        int longest = file.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(file) : throw Wrong(path, 0, $"{file.Length} bytes", "an int32");
        if (longest is < 1 or > LongestPiece)
            throw Wrong(path, 0, $"a longest piece of {longest} bytes", $"1 … {LongestPiece}");
        var pieces = new List<string>();
        var scores = new List<float>();
        for (int at = 4; at < file.Length; )
        {
            (string piece, float score) = ReadPiece(path, file, ref at, longest, pieces.Count);
            pieces.Add(piece);
            scores.Add(score);
        }
        RequireByteTokens(path, pieces);
        return ([.. pieces], [.. scores]);
    }

    private static (string Piece, float Score) ReadPiece(string path, byte[] file, ref int at, int longest, int id)
    {
        if (file.Length - at < 8)
            throw Wrong(path, at, $"the end of the file, {file.Length - at} bytes on, in token {id}", "8 bytes of score and length");
        float score = BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(at));
        if (!float.IsFinite(score))
            throw Wrong(path, at, string.Create(CultureInfo.InvariantCulture, $"score {score} of token {id}"), "a finite number");
        int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
        if (length < 0 || length > longest)
            throw Wrong(path, at + 4, $"length {length} of token {id}", $"0 … {longest}, the longest by the file's first number");
        if (file.Length - at - 8 < length)
            throw Wrong(path, at + 8, $"the end of the file, {file.Length - at - 8} bytes on, in token {id}", $"{length} bytes");
        string piece = Encoding.Latin1.GetString(file, at + 8, length);
        at += 8 + length;
        return (piece, score);
    }

    /// <summary>Encoding falls back to ids 3 … 258 for bytes, so they must be there.</summary>
    private static void RequireByteTokens(string path, List<string> pieces)
    {
        for (int id = 3; id < ByteTokensEnd; id++)
        {
            string expected = string.Create(CultureInfo.InvariantCulture, $"<0x{id - 3:X2}>");
            if (id >= pieces.Count || pieces[id] != expected)
                throw new InvalidInputException(path, $"token {id}", id < pieces.Count ? PlainText.Quoted(pieces[id]) : "the end of the file",
                    $"'{expected}', as the 256 byte tokens have ids 3 … 258", Remedy);
        }
    }

    private static InvalidInputException Wrong(string path, int offset, string found, string expected) =>
        new(path, string.Create(CultureInfo.InvariantCulture, $"byte {offset}"), found, expected, Remedy);
}
