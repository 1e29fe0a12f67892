using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// One id a word. A word of the vocabulary may contain spaces (<c>5-axis Milling</c>): the longest that fits between white space is taken.
/// Decoding puts one space between words.
/// </summary>
internal sealed class WordTokenizer : FileTokenizer
{
    private static readonly string[] UnknownForms = ["<unk>", "[UNK]", "<UNK>"];

    private readonly Vocabulary _vocabulary;
    private readonly int _unknown = -1;

    /// <summary>Vocabulary entries by their first word, those of most words first.</summary>
    private readonly Dictionary<string, (string[] Words, int Id)[]> _byFirstWord;

    private WordTokenizer(string source, Vocabulary vocabulary, AddedTokens special) : base(source, vocabulary.Size, special)
    {
        _vocabulary = vocabulary;
        foreach (string form in UnknownForms)
        {
            if (_unknown < 0 && vocabulary.TryFind(form, out int id))
                _unknown = id;
        }
        _byFirstWord = vocabulary.Ids.Where(entry => !special.SpecialIds.Contains(entry.Value)).Select(entry => (Words: Words(entry.Key), Id: entry.Value))
            .Where(entry => entry.Words.Length > 0).GroupBy(entry => entry.Words[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(entry => entry.Words.Length).ToArray());
    }

    public static WordTokenizer Load(string path, TokenizerDescription description)
    {
        Vocabulary vocabulary = MapFile.Read(path);
        return new WordTokenizer(path, vocabulary, MapFile.SpecialTokens(vocabulary, description));
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public override string WrittenForm(int token) => _vocabulary.Form(token) ?? throw NoSuchToken(token);

    public override int? Find(string form) => _vocabulary.TryFind(form, out int id) ? id : null;

    protected override void EncodePlain(string text, bool first, bool allowSpecial, List<int> tokens)
    {
        string[] words = Words(text);
        for (int at = 0; at < words.Length; )
        {
            (string[] Words, int Id) entry = _byFirstWord.GetValueOrDefault(words[at], [])
                .FirstOrDefault(entry => words.AsSpan(at).StartsWith(entry.Words), (Words: [words[at]], Id: _unknown));
            if (entry.Id < 0)
                throw new InvalidInputException("prompt", $"word {at + 1}", PlainText.Quoted(words[at]),
                    $"a word of the vocabulary ({VocabularySize} in {Source})", "Write the words as the vocabulary has them, with white space between.");
            tokens.Add(entry.Id);
            at += entry.Words.Length;
        }
    }

    public override bool AppendBytes(int token, bool atStart, Utf8Buffer bytes)
    {
        string form = WrittenForm(token);
        if (Added.SpecialIds.Contains(token))
            return atStart;
        if (!atStart)
            bytes.Add((byte)' ');
        bytes.Add(form);
        return false;
    }
}
