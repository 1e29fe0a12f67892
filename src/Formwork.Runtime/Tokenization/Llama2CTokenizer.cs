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
        _merger = PairMerger.FromScores(pieces.Length, id => scores[id] > WorstScore ? scores[id] : null, _ids);
    }

    public static Llama2CTokenizer Load(string path, int beginToken)
    {
        (string[] pieces, float[] scores) = Llama2CTokenizerReader.Read(path);
        return new Llama2CTokenizer(path, pieces, scores, beginToken);
    }

    public override string WrittenForm(int token) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Piece(token)));

    protected override void EncodePlain(string text, bool first, List<int> tokens)
    {
        var symbols = new List<int>(text.Length + 1);
        if (first)
            AddCharacter(" ", symbols);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
            AddCharacter(Encoding.Latin1.GetString(utf8[..rune.EncodeToUtf8(utf8)]), symbols);
        _merger.Run(CollectionsMarshal.AsSpan(symbols), tokens);
    }

    private void AddCharacter(string character, List<int> symbols)
    {
        if (_ids.TryGetValue(character, out int id))
            symbols.Add(id);
        else
            symbols.AddRange(character.Select(value => value + FirstByte));
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
