using static Formwork.Runtime.Tokenization.SentencePieceModel;

namespace Formwork.Runtime.Tokenization;

/// <summary>What both kinds of SentencePiece model share: spaces written as U+2581, added pieces, and decoding.</summary>
internal abstract class SentencePieceTokenizer(SentencePieceModel model) : FileTokenizer(model.Path, model.Pieces.Count, AddedPieces(model))
{
    /// <summary>SentencePiece's visible space.</summary>
    protected const char VisibleSpace = '\u2581';

    protected SentencePieceModel Model => model;

    /// <summary>The tokenizer for a file's kind of model.</summary>
    /// <exception cref="InvalidInputException">The file is broken, or of a kind that is not supported.</exception>
    public static SentencePieceTokenizer Load(string path)
    {
        SentencePieceModel model = SentencePieceReader.Read(path);
        if (model.SpaceIsSuffix)
            throw Unsupported(path, "treat_whitespace_as_suffix", "spaces in front of words");
        return model.Kind switch
        {
            Algorithm.Unigram => new SentencePieceUnigram(model),
            Algorithm.Bpe when model.HasCharacterMap => throw Unsupported(path, "a BPE model with a character map", "the normalizer 'identity'"),
            Algorithm.Bpe => new SentencePieceBpe(model),
            _ => throw Unsupported(path, $"model type {(int)model.Kind}", "1 (unigram) or 2 (BPE)"),
        };
    }

    private static InvalidInputException Unsupported(string path, string found, string expected) =>
        new(path, null, found, expected, "This kind of SentencePiece model is not supported; export a tokenizer.json or another kind.");

    private static AddedTokens AddedPieces(SentencePieceModel model) => new(model.Pieces.Index()
        .Where(piece => piece.Item.Kind is PieceKind.Control or PieceKind.UserDefined)
        .Select(piece => new AddedToken(WithSpaces(piece.Item.Text), piece.Index, Special: piece.Item.Kind == PieceKind.Control)));

    private static string WithSpaces(string text) => text.Replace(VisibleSpace, ' ');

    public override string WrittenForm(int token) => PieceOf(token).Text;

    private Piece PieceOf(int token) => (uint)token < (uint)model.Pieces.Count ? model.Pieces[token] : throw NoSuchToken(token);

    public override bool AppendBytes(int token, bool atStart, Utf8Buffer bytes)
    {
        Piece piece = PieceOf(token);
        switch (piece.Kind)
        {
            case PieceKind.Control:
                return atStart;
            case PieceKind.Unknown:
                bytes.Add(model.UnknownSurface);
                return false;
            case PieceKind.Byte:
                bytes.Add(SentencePieceReader.ByteOf(piece.Text)!.Value);
                return false;
            default:
                bool drop = atStart && piece.Text[0] == VisibleSpace && (model.AddSpaceInFront || model.RemoveExtraSpaces);
                bytes.Add(WithSpaces(drop ? piece.Text[1..] : piece.Text));
                return drop && piece.Text.Length == 1 && model.RemoveExtraSpaces;
        }
    }
}
