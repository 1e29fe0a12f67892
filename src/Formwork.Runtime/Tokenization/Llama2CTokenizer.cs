using System.Runtime.InteropServices;
using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// llama2.c's tokenizer.bin: pieces with scores. Encodes as its <c>encode</c> does: a space in front, one token a character (or its bytes),
/// then neighbours merge while their concatenation is a piece, best score first. Pieces are kept byte by byte, in Latin-1 strings.
/// </summary>
internal sealed class Llama2CTokenizer : FileTokenizer
{
    /// <summary>Ids 3 … 258 are the bytes; llama2.c adds 3 to a byte that has no piece.</summary>
    private const int FirstByte = 3;

    /// <summary>Scores at or below this never merge, as in llama2.c's search.</summary>
    private const float WorstScore = -1e10f;

    private readonly string[] _pieces;
    private readonly int _beginToken;
    private readonly Dictionary<string, int> _ids;
    private readonly PairMerger _merger;

    private Llama2CTokenizer(string source, string[] pieces, float[] scores, int beginToken)
        : base(source, pieces.Length, new AddedTokens(new[] { 1, 2 }.Select(id => new AddedToken(pieces[id].Trim(), id, Special: true))))
    {
        _pieces = pieces;
        _beginToken = beginToken;
        _ids = new Dictionary<string, int>(pieces.Length);
        for (int id = 0; id < pieces.Length; id++)
            _ids.TryAdd(pieces[id], id);
        _merger = ScoredPieces.Merger(_ids, Array.ConvertAll(scores, score => score > WorstScore ? score : (float?)null), AddSymbols);
        // A byte token is one symbol, but in a piece its letters would be six.
        if (pieces.Skip(FirstByte + 256).Any(piece => piece.Contains("<0x", StringComparison.Ordinal)))
            _merger.NeverCut();
    }

    public static Llama2CTokenizer Load(string path, int beginToken)
    {
        (string[] pieces, float[] scores) = Llama2CTokenizerReader.Read(path);
        return new Llama2CTokenizer(path, pieces, scores, beginToken);
    }

    public override string WrittenForm(int token) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Piece(token)));

    public override int? Find(string form) => _ids.TryGetValue(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(form)), out int id) ? id : Added.Special.TryGetValue(form, out id) ? id : null;

    protected override void EncodePlain(string text, bool first, bool allowSpecial, List<int> tokens)
    {
        var symbols = new List<int>(text.Length + 1);
        AddSymbols(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(first ? " " + text : text)), symbols);
        _merger.Run(CollectionsMarshal.AsSpan(symbols), tokens);
    }

    /// <summary>The symbols of UTF-8 in Latin-1, before any merge: a token for each character, or for each of its bytes.</summary>
    private void AddSymbols(string utf8, List<int> symbols)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> find = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int begin = 0, end; begin < utf8.Length; begin = end)
        {
            // A character goes on while bytes 10xxxxxx follow, four bytes at most, as llama2.c reads it.
            for (end = begin + 1; end < utf8.Length && end - begin < 4 && (utf8[end] & 0xC0) == 0x80;)
                end++;
            if (find.TryGetValue(utf8.AsSpan(begin, end - begin), out int id))
            {
                symbols.Add(id);
                continue;
            }
            for (int at = begin; at < end; at++)
                symbols.Add(utf8[at] + FirstByte);
        }
    }

    public override bool AppendBytes(int token, bool atStart, Utf8Buffer bytes)
    {
        string piece = Piece(token);
        if (Added.SpecialIds.Contains(token))
            return token == _beginToken || atStart;
        if (token is >= FirstByte and < FirstByte + 256)
            bytes.Add((byte)(token - FirstByte));
        else
            bytes.Add(Encoding.Latin1.GetBytes(atStart && piece.StartsWith(' ') ? piece[1..] : piece));
        return false;
    }

    private string Piece(int token) => (uint)token < (uint)_pieces.Length ? _pieces[token] : throw NoSuchToken(token);
}
