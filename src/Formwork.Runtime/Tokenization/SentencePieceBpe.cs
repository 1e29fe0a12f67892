using System.Runtime.InteropServices;
using System.Text;
using static Formwork.Runtime.Tokenization.SentencePieceModel;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// A SentencePiece BPE model: the text's characters merge while their concatenation is a piece, best score first, leftmost among equals; what
/// is no piece then becomes its bytes, or the unknown piece. Our own merge: LlamaTokenizer of Microsoft.ML.Tokenizers gets 2 of the 46
/// <c>llama-spm</c> goldens wrong. A piece marked unused is never made.
/// </summary>
internal sealed class SentencePieceBpe : SentencePieceSegmenter
{
    private readonly SentencePieceModel _model;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly PairMerger _merger;
    private readonly int[] _byteIds;

    /// <summary>Characters that are no piece but part of one; they have the ids after the last piece's while they merge.</summary>
    private readonly List<Rune> _loose = [];

    public SentencePieceBpe(SentencePieceModel model)
    {
        _model = model;
        _byteIds = model.ByteIds();
        foreach ((int id, Piece piece) in model.Pieces.Index())
        {
            if (piece.Kind == PieceKind.Normal)
                _ids.Add(piece.Text, id);
        }
        foreach (string piece in _ids.Keys.ToArray())
        {
            foreach (Rune rune in piece.EnumerateRunes())
            {
                if (_ids.TryAdd(rune.ToString(), model.Pieces.Count + _loose.Count))
                    _loose.Add(rune);
            }
        }
        var scores = new float?[model.Pieces.Count + _loose.Count];
        for (int id = 0; id < model.Pieces.Count; id++)
            scores[id] = model.Pieces[id].Score;
        _merger = ScoredPieces.Merger(_ids, scores, AddSymbols);
    }

    public override void Encode(string text, List<int> pieces)
    {
        var symbols = new List<int>(text.Length);
        AddSymbols(text, symbols);
        var merged = new List<int>(symbols.Count);
        _merger.Run(CollectionsMarshal.AsSpan(symbols), merged);
        foreach (int symbol in merged)
            AddPiece(symbol, pieces);
    }

    /// <summary>The symbols of a text before any merge: each character's piece, or a negative number for one that no piece has.</summary>
    private void AddSymbols(string text, List<int> symbols)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> find = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> form = stackalloc char[2];
        foreach (Rune rune in text.EnumerateRunes())
            symbols.Add(find.TryGetValue(form[..rune.EncodeToUtf16(form)], out int id) ? id : -1 - rune.Value);
    }

    /// <summary>A piece as it is; a character that is none as bytes or unknown, several unknown ones as one.</summary>
    private void AddPiece(int symbol, List<int> pieces)
    {
        if (symbol >= 0 && symbol < _model.Pieces.Count)
        {
            pieces.Add(symbol);
            return;
        }
        Rune rune = symbol < 0 ? new Rune(-1 - symbol) : _loose[symbol - _model.Pieces.Count];
        if (_model.ByteFallback)
            pieces.AddRange(Encoding.UTF8.GetBytes(rune.ToString()).Select(value => _byteIds[value]));
        else if (pieces.Count == 0 || pieces[^1] != _model.Unknown)
            pieces.Add(_model.Unknown);
    }
}
