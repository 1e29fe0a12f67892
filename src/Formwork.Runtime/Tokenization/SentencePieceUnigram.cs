using System.Text;
using static Formwork.Runtime.Tokenization.SentencePieceModel;

namespace Formwork.Runtime.Tokenization;

/// <summary>A SentencePiece unigram model: the most probable split. Control pieces, bytes and unused pieces are never found in a text.</summary>
internal sealed class SentencePieceUnigram : SentencePieceSegmenter
{
    private readonly SentencePieceModel _model;
    private readonly UnigramSegmenter _segmenter;
    private readonly int[] _byteIds;
    private readonly int _unknown;

    public SentencePieceUnigram(SentencePieceModel model)
    {
        _model = model;
        _byteIds = model.ByteIds();
        _unknown = model.Unknown;
        var normal = model.Pieces.Index().Where(piece => piece.Item.Kind == PieceKind.Normal).Select(piece => (piece.Item.Text, piece.Index)).ToArray();
        double worst = normal.Length == 0 ? 0 : normal.Min(piece => model.Pieces[piece.Index].Score);
        _segmenter = new UnigramSegmenter(normal, [.. model.Pieces.Select(piece => (double)piece.Score)], worst, single: true);
    }

    public override void Encode(string text, List<int> pieces)
    {
        foreach ((int begin, int length, int id) in _segmenter.Split(text))
        {
            if (id >= 0)
                pieces.Add(id);
            else if (_model.ByteFallback)
                pieces.AddRange(Encoding.UTF8.GetBytes(text.Substring(begin, length)).Select(value => _byteIds[value]));
            else
                pieces.Add(_unknown);
        }
    }
}
