namespace Formwork.Runtime.Tokenization;

/// <summary>What a SentencePiece tokenizer.model says, as far as encoding needs it (sentencepiece_model.proto).</summary>
internal sealed record SentencePieceModel(string Path, IReadOnlyList<SentencePieceModel.Piece> Pieces)
{
    /// <summary>Kinds of model, numbered as in the file.</summary>
    public enum Algorithm
    {
        Unigram = 1,
        Bpe = 2,
        Word = 3,
        Char = 4,
    }

    /// <summary>Kinds of piece, numbered as in the file.</summary>
    public enum PieceKind
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
        Byte = 6,
    }

    /// <summary>A piece: its text with U+2581 for space, its score (log probability, or minus the merge's rank), its kind.</summary>
    public readonly record struct Piece(string Text, float Score, PieceKind Kind);

    public Algorithm Kind { get; init; } = Algorithm.Unigram;

    public bool ByteFallback { get; init; }

    public bool SpaceIsSuffix { get; init; }

    /// <summary>What an unknown piece decodes to.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <summary>The table of character replacements that comes before everything (NFKC and its like); null for none.</summary>
    public CharacterMap? Map { get; init; }

    public bool AddSpaceInFront { get; init; } = true;

    public bool RemoveExtraSpaces { get; init; } = true;

    public bool EscapeSpaces { get; init; } = true;

    /// <summary>The id of the unknown piece.</summary>
    public int Unknown { get; init; }

    /// <summary>The id of each byte's piece; 0 where there is none.</summary>
    public int[] ByteIds()
    {
        var ids = new int[256];
        foreach ((int id, Piece piece) in Pieces.Index())
        {
            if (piece.Kind == PieceKind.Byte)
                ids[SentencePieceReader.ByteOf(piece.Text)!.Value] = id;
        }
        return ids;
    }
}
