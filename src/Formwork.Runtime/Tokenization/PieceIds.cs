using static Formwork.Runtime.Tokenization.SentencePieceModel;

namespace Formwork.Runtime.Tokenization;

/// <summary>The ids that a model has for the pieces of a SentencePiece model, both ways.</summary>
internal sealed class PieceIds
{
    private readonly int[] _ofPiece;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    private PieceIds(int[] ofPiece, Piece?[] pieces)
    {
        _ofPiece = ofPiece;
        Pieces = pieces;
        foreach ((int id, Piece? piece) in pieces.Index())
        {
            if (piece is { } known)
                _ids.TryAdd(known.Text, id);
        }
    }

    /// <summary>The piece of each id; null for an id without one.</summary>
    public IReadOnlyList<Piece?> Pieces { get; }

    /// <summary>The id of a piece of the SentencePiece model.</summary>
    public int this[int piece] => _ofPiece[piece];

    /// <summary>The id of a written form; null where there is none.</summary>
    public int? Find(string form) => _ids.TryGetValue(form, out int id) ? id : null;

    /// <summary>The file's own ids.</summary>
    public static PieceIds Same(SentencePieceModel model) => new([.. Enumerable.Range(0, model.Pieces.Count)], [.. model.Pieces.Select(piece => (Piece?)piece)]);

    /// <summary>
    /// fairseq's ids (XLM-R, mBART, NLLB): <c>&lt;s&gt;</c>, <c>&lt;pad&gt;</c>, <c>&lt;/s&gt;</c>, <c>&lt;unk&gt;</c>, then the pieces from the
    /// fourth on. Where the file has <c>&lt;mask&gt;</c> or languages after them, they are added tokens.
    /// </summary>
    public static PieceIds Fairseq(SentencePieceModel model)
    {
        string[] front = ["<s>", "<pad>", "</s>", "<unk>"];
        var pieces = new Piece?[model.Pieces.Count + 1];
        for (int id = 0; id < front.Length && id < pieces.Length; id++)
            pieces[id] = new Piece(front[id], 0, front[id] == "<unk>" ? PieceKind.Unknown : PieceKind.Control);
        var ofPiece = new int[model.Pieces.Count];
        foreach ((int index, Piece piece) in model.Pieces.Index())
        {
            ofPiece[index] = piece.Kind == PieceKind.Unknown ? 3 : Array.IndexOf(front, piece.Text) is >= 0 and var same ? same : index + 1;
            pieces[ofPiece[index]] ??= piece;
        }
        return new(ofPiece, pieces);
    }

    /// <summary>The ids of a vocabulary beside the file; a piece that it lacks is unknown. Written forms that steer the model decode to nothing.</summary>
    public static PieceIds Of(SentencePieceModel model, Vocabulary vocabulary, int unknown, IReadOnlySet<int> special)
    {
        Dictionary<string, Piece> known = model.Pieces.ToDictionary(piece => piece.Text);
        var pieces = new Piece?[vocabulary.Size];
        for (int id = 0; id < pieces.Length; id++)
        {
            if (vocabulary.Form(id) is not { } form)
                continue;
            PieceKind kind = id == unknown ? PieceKind.Unknown : special.Contains(id) ? PieceKind.Control
                : known.TryGetValue(form, out Piece piece) && piece.Kind == PieceKind.Byte ? PieceKind.Byte : PieceKind.Normal;
            pieces[id] = new Piece(form, 0, kind);
        }
        int[] ofPiece = [.. model.Pieces.Select(piece => vocabulary.TryFind(piece.Text, out int id) ? id : unknown)];
        return new(ofPiece, pieces);
    }
}
