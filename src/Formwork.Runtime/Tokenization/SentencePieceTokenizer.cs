using static Formwork.Runtime.Tokenization.SentencePieceModel;

namespace Formwork.Runtime.Tokenization;

/// <summary>A SentencePiece model as a tokenizer: normalizer, pieces, ids, and the way back.</summary>
/// <param name="model">The file.</param>
/// <param name="ids">The ids of its pieces.</param>
/// <param name="added">Tokens that are found in the text before.</param>
internal class SentencePieceTokenizer(SentencePieceModel model, PieceIds ids, AddedTokens added)
    : FileTokenizer(model.Path, Math.Max(ids.Pieces.Count, added.Size), added)
{
    /// <summary>SentencePiece's visible space.</summary>
    private const char VisibleSpace = '\u2581';

    /// <summary>Whether pieces are chosen by probability, not by merging.</summary>
    public bool IsUnigram => model.Kind == Algorithm.Unigram;

    private readonly SentencePieceNormalizer _normalizer = new(model);
    private readonly SentencePieceSegmenter _segmenter = SentencePieceSegmenter.Of(model);

    /// <summary>The tokenizer of a file; where a configuration says that the model's ids are not the file's, they are translated.</summary>
    /// <exception cref="InvalidInputException">The file is broken, or of a kind that is not supported.</exception>
    public static SentencePieceTokenizer Load(string path, TokenizerConfig config)
    {
        SentencePieceModel model = SentencePieceReader.Read(path);
        bool fairseq = config.Family is "XLMRoberta" or "MBart" or "MBart50" or "Nllb";
        PieceIds ids = fairseq ? PieceIds.Fairseq(model) : PieceIds.Same(model);
        IEnumerable<AddedToken> own = AddedPieces(ids);
        if (config.Family == "XLMRoberta")
            own = own.Append(new AddedToken("<mask>", ids.Pieces.Count, Special: true) { TakesSpaceBefore = true });
        if (config.Family == "T5" && config.Added.Count == 0)
            own = own.Concat(Sentinels(ids.Pieces.Count, config.ExtraIds ?? 100));
        return new SentencePieceTokenizer(model, ids, config.Complete(own, ids.Find));
    }

    /// <summary>T5's: <c>&lt;extra_id_0&gt;</c> is the last.</summary>
    private static IEnumerable<AddedToken> Sentinels(int pieces, int count) =>
        Enumerable.Range(0, count).Select(number => new AddedToken($"<extra_id_{number}>", pieces + count - 1 - number, Special: true));

    private static IEnumerable<AddedToken> AddedPieces(PieceIds ids) => ids.Pieces.Index()
        .Where(piece => piece.Item is { Kind: PieceKind.Control or PieceKind.UserDefined })
        .Select(piece => new AddedToken(WithSpaces(piece.Item!.Value.Text), piece.Index, Special: piece.Item.Value.Kind == PieceKind.Control));

    private static string WithSpaces(string text) => text.Replace(VisibleSpace, ' ');

    public override int? Find(string form) => ids.Find(form) ?? (Added.Tokens.FirstOrDefault(token => token.Text == form)?.Id);

    public override string WrittenForm(int token) => PieceOf(token)?.Text ?? Added.Form(token) ?? throw NoSuchToken(token);

    private Piece? PieceOf(int token) => (uint)token < (uint)ids.Pieces.Count ? ids.Pieces[token] : null;

    protected override void EncodePlain(string text, bool first, bool allowSpecial, List<int> tokens)
    {
        string normalized = _normalizer.Normalize(text, first);
        if (normalized.Length == 0)
            return;
        int before = tokens.Count;
        _segmenter.Encode(normalized, tokens);
        for (int at = before; at < tokens.Count; at++)
            tokens[at] = ids[tokens[at]];
    }

    public override bool AppendBytes(int token, bool atStart, Utf8Buffer bytes)
    {
        if (Added.SpecialIds.Contains(token))
            return atStart;
        if (PieceOf(token) is not { } piece)
        {
            bytes.Add(WrittenForm(token));
            return false;
        }
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
