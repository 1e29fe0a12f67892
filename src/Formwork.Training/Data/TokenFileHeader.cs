using System.Buffers.Binary;
using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>
/// A token file's first 64 bytes. All numbers are little-endian: the magic "FWTOKENS", version (u32), bytes an id (u32: 2 or 4), vocabulary,
/// sequences, ids (i64 each), zeros. Then come the ids, zeros up to a multiple of 8, and sequences + 1 starts (i64, in ids).
/// </summary>
internal readonly record struct TokenFileHeader(int IdBytes, int Vocabulary, int Sequences, long Tokens)
{
    public const int Bytes = 64;
    private const uint Version = 1;
    private const string Remedy = "Make the file again.";

    private static ReadOnlySpan<byte> Magic => "FWTOKENS"u8;

    /// <summary>The header of ids below <paramref name="vocabulary"/>: two bytes an id where they suffice.</summary>
    public static TokenFileHeader Of(int vocabulary, int sequences, long tokens) => new(vocabulary <= 1 << 16 ? 2 : 4, vocabulary, sequences, tokens);

    /// <summary>Where the starts begin.</summary>
    public long StartsAt => (Bytes + Tokens * IdBytes + 7) / 8 * 8;

    /// <summary>Where the file ends.</summary>
    public long End => StartsAt + 8L * (Sequences + 1L);

    public void Write(Span<byte> header)
    {
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], IdBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], Vocabulary);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], Sequences);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], Tokens);
    }

    /// <exception cref="InvalidInputException">It is no header, or not that of a file of <paramref name="length"/> bytes.</exception>
    public static TokenFileHeader Read(string path, ReadOnlySpan<byte> header, long length)
    {
        if (!header.StartsWith(Magic))
            throw Fault("byte 0", Printable(header[..Math.Min(header.Length, Magic.Length)]), "\"FWTOKENS\", the beginning of a token file");
        if (header.Length < Bytes)
            throw Fault(null, $"{length} bytes", $"a header of {Bytes} bytes");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version != Version)
            throw Fault("byte 8", $"version {version}", $"version {Version}");
        int idBytes = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        if (idBytes is not (2 or 4))
            throw Fault("byte 12", $"{idBytes} bytes an id", "2 or 4");
        long vocabulary = Number(header, 16, 1, idBytes == 2 ? 1 << 16 : int.MaxValue, "a vocabulary whose ids have that many bytes");
        // What a file of this length can hold at most, so that no sum below can overflow.
        long sequences = Number(header, 24, 0, Math.Min(int.MaxValue - 1, length / 8), "a number of sequences that the file can hold");
        long tokens = Number(header, 32, 0, length / idBytes, "a number of ids that the file can hold");
        var read = new TokenFileHeader(idBytes, (int)vocabulary, (int)sequences, tokens);
        if (length != read.End)
            throw Fault(null, $"{length} bytes", $"{read.End}, for {sequences} sequences of {tokens} ids in all; the file {(length < read.End ? "is cut off" : "goes on after its end")}");
        return read;

        long Number(ReadOnlySpan<byte> bytes, int at, long least, long most, string expected)
        {
            long number = BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(at, 8));
            return number >= least && number <= most ? number : throw Fault($"byte {at}", $"{number}", expected);
        }

        InvalidInputException Fault(string? place, string found, string expected) => new(path, place, found, expected, Remedy);
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return "an empty file";
        var text = new System.Text.StringBuilder("\"");
        foreach (byte value in bytes)
            text.Append(value is >= 32 and < 127 ? (char)value : '?');
        return text.Append('"').ToString();
    }
}
