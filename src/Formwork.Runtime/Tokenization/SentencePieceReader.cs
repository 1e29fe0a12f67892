using System.Globalization;
using static Formwork.Runtime.Tokenization.SentencePieceModel;

namespace Formwork.Runtime.Tokenization;

/// <summary>Reads tokenizer.model. Field numbers are those of sentencepiece_model.proto.</summary>
internal static class SentencePieceReader
{
    public static SentencePieceModel Read(string path)
    {
        var pieces = new List<Piece>();
        var model = new SentencePieceModel(path, pieces);
        var reader = new ProtobufReader(path, TokenizerFile.Read(path), 0);
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1: pieces.Add(ReadPiece(reader.Message())); break;
                case 2: model = ReadTrainer(reader.Message(), model); break;
                case 3: model = ReadNormalizer(reader.Message(), model); break;
                default: reader.Skip(); break;
            }
        }
        if (pieces.Count == 0)
            throw Wrong(path, null, "a model without pieces", "a SentencePiece model");
        Check(model);
        return model with { Unknown = pieces.FindIndex(piece => piece.Kind == PieceKind.Unknown) };
    }

    private static Piece ReadPiece(ProtobufReader reader)
    {
        var piece = new Piece("", 0, PieceKind.Normal);
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1: piece = piece with { Text = reader.Text() }; break;
                case 2: piece = piece with { Score = reader.Single() }; break;
                case 3: piece = piece with { Kind = (PieceKind)reader.Integer() }; break;
                default: reader.Skip(); break;
            }
        }
        if (piece.Kind is < PieceKind.Normal or > PieceKind.Byte)
            throw reader.Wrong($"a piece of type {(int)piece.Kind}", "1 … 6");
        return float.IsFinite(piece.Score) ? piece : throw reader.Wrong("a score that is no number", "a finite number");
    }

    private static SentencePieceModel ReadTrainer(ProtobufReader reader, SentencePieceModel model)
    {
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 3: model = model with { Kind = (Algorithm)reader.Integer() }; break;
                case 24: model = model with { SpaceIsSuffix = reader.Truth() }; break;
                case 35: model = model with { ByteFallback = reader.Truth() }; break;
                case 44: model = model with { UnknownSurface = reader.Text() }; break;
                default: reader.Skip(); break;
            }
        }
        return model;
    }

    private static SentencePieceModel ReadNormalizer(ProtobufReader reader, SentencePieceModel model)
    {
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 2: model = model with { Map = ReadMap(model.Path, reader.Bytes()) }; break;
                case 3: model = model with { AddSpaceInFront = reader.Truth() }; break;
                case 4: model = model with { RemoveExtraSpaces = reader.Truth() }; break;
                case 5: model = model with { EscapeSpaces = reader.Truth() }; break;
                default: reader.Skip(); break;
            }
        }
        return model;
    }

    private static CharacterMap? ReadMap(string path, ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? null : CharacterMap.Read(bytes, (found, expected) => Wrong(path, "normalizer", found, expected));

    private static void Check(SentencePieceModel model)
    {
        var seen = new Dictionary<string, int>(model.Pieces.Count);
        int bytes = 0;
        for (int id = 0; id < model.Pieces.Count; id++)
        {
            Piece piece = model.Pieces[id];
            if (piece.Text.Length == 0)
                throw Wrong(model.Path, Place(id), "an empty piece", "text");
            if (!seen.TryAdd(piece.Text, id))
                throw Wrong(model.Path, Place(id), $"{PlainText.Quoted(piece.Text)} again, which is {Place(seen[piece.Text])}", "each piece once");
            if (piece.Kind == PieceKind.Byte && ByteOf(piece.Text) is null)
                throw Wrong(model.Path, Place(id), $"{PlainText.Quoted(piece.Text)} as a byte", "'<0x00>' … '<0xFF>'");
            bytes += piece.Kind == PieceKind.Byte ? 1 : 0;
        }
        if (model.ByteFallback && bytes != 256)
            throw Wrong(model.Path, null, $"{bytes} byte pieces", "256, as the model falls back to bytes");
        if (model.Pieces.Count(piece => piece.Kind == PieceKind.Unknown) != 1)
            throw Wrong(model.Path, null, "no or several unknown pieces", "one piece of type 2 (unknown)");
    }

    /// <summary>The byte that <c>&lt;0xNN&gt;</c> names; null for any other text.</summary>
    public static byte? ByteOf(string text) => text is ['<', '0', 'x', _, _, '>'] && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture, out byte value) ? value : null;

    private static string Place(int id) => string.Create(CultureInfo.InvariantCulture, $"piece {id}");

    private static InvalidInputException Wrong(string path, string? place, string found, string expected) =>
        new(path, place, found, expected, "Fetch the file again; it must be a SentencePiece model.");
}
