using System.Text;

namespace Formwork.Runtime.Tests.Tokenization;

/// <summary>Writes a small SentencePiece model as protobuf.</summary>
internal sealed class SentencePieceFile
{
    private readonly List<byte[]> _pieces = [];

    public int Algorithm { get; init; } = 2;

    public bool AddSpaceInFront { get; init; } = true;

    public bool RemoveExtraSpaces { get; init; }

    public bool ByteFallback { get; init; }

    public byte[] Map { get; init; } = [];

    public SentencePieceFile Piece(string text, float score, int kind = 1)
    {
        _pieces.Add([.. Field(1, Encoding.UTF8.GetBytes(text)), 2 << 3 | 5, .. BitConverter.GetBytes(score), 3 << 3, (byte)kind]);
        return this;
    }

    public byte[] Bytes()
    {
        byte[] trainer = [3 << 3, (byte)Algorithm, .. Varint(35 << 3), (byte)(ByteFallback ? 1 : 0)];
        byte[] normalizer = [3 << 3, (byte)(AddSpaceInFront ? 1 : 0), 4 << 3, (byte)(RemoveExtraSpaces ? 1 : 0), 5 << 3, 1, .. Map.Length == 0 ? [] : Field(2, Map)];
        return [.. _pieces.SelectMany(piece => Field(1, piece)), .. Field(2, trainer), .. Field(3, normalizer)];
    }

    private static byte[] Field(int number, byte[] value) => [.. Varint(number << 3 | 2), .. Varint(value.Length), .. value];

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value & 0x7F | 0x80), .. Varint(value >> 7)];
}
