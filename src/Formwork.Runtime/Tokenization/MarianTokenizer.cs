namespace Formwork.Runtime.Tokenization;

/// <summary>
/// Marian's (Opus-MT): a SentencePiece model for each language cuts the text, and a vocabulary beside them, one for both or one each, gives the
/// ids. A text may begin with the language to translate to, <c>&gt;&gt;fra&lt;&lt;</c>, which is no text and needs no permission: it is how users
/// choose.
/// </summary>
internal sealed class MarianTokenizer : SentencePieceTokenizer
{
    private const string Unknown = "<unk>", End = "</s>", Pad = "<pad>", Opening = ">>", Closing = "<<";

    private readonly IReadOnlyDictionary<string, int> _languages;

    private MarianTokenizer(SentencePieceModel model, PieceIds ids, AddedTokens added, IReadOnlyDictionary<string, int> languages) : base(model, ids, added) =>
        _languages = languages;

    public override int SpacesDroppedAtEnd => int.MaxValue;

    /// <summary>Reads the source's tokenizer, or the target's.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="vocabularyFile">The vocabulary's file; null for the usual names.</param>
    /// <param name="target">Whether the target's is wanted.</param>
    /// <exception cref="InvalidInputException">A file is missing or broken.</exception>
    public static MarianTokenizer Load(string folder, string? vocabularyFile, bool target)
    {
        SentencePieceModel model = SentencePieceReader.Read(TokenizerFile.Find(folder, target ? "target.spm" : "source.spm"));
        string[] names = target ? ["target_vocab.json", "vocab.json"] : ["vocab.json"];
        using JsonFile file = JsonFile.Open(TokenizerFile.Find(folder, vocabularyFile, names));
        var vocabulary = Vocabulary.Read(file.Root);
        int unknown = Required(file, vocabulary, Unknown), end = Required(file, vocabulary, End);
        Dictionary<string, int> languages = vocabulary.Ids.Where(entry => IsLanguage(entry.Key)).ToDictionary(StringComparer.Ordinal);
        AddedToken[] special = [.. vocabulary.Ids.Where(entry => entry.Key is End or Pad || languages.ContainsKey(entry.Key))
            .Select(entry => new AddedToken(entry.Key, entry.Value, Special: true))];
        var ids = PieceIds.Of(model, vocabulary, unknown, special.Select(token => token.Id).ToHashSet());
        return new MarianTokenizer(model, ids, new AddedTokens(special), languages) { Template = TextTemplate.Framed(null, end) };
    }

    private static int Required(JsonFile file, Vocabulary vocabulary, string form) => vocabulary.TryFind(form, out int id)
        ? id
        : throw file.Root.Wrong($"no {form}", $"a vocabulary with {Unknown} and {End}", "Take the vocabulary and the two .spm files from the same model.");

    private static bool IsLanguage(string form) => form.Length > 4 && form.StartsWith(Opening, StringComparison.Ordinal) && form.EndsWith(Closing, StringComparison.Ordinal);

    protected override void EncodePlain(string text, bool first, bool allowSpecial, List<int> tokens)
    {
        if (first && _languages.Count > 0 && text.StartsWith(Opening, StringComparison.Ordinal) && text.IndexOf(Closing, StringComparison.Ordinal) is > 0 and var at)
        {
            string code = text[..(at + Closing.Length)];
            tokens.Add(_languages.TryGetValue(code, out int language) ? language : throw NoSuchLanguage(code));
            text = text[code.Length..];
        }
        base.EncodePlain(text, first, allowSpecial, tokens);
    }

    private InvalidInputException NoSuchLanguage(string code)
    {
        IEnumerable<string> known = _languages.Keys.Order(StringComparer.Ordinal);
        return new("text", "language", PlainText.Quoted(code), string.Join(' ', known.Take(20)) + (_languages.Count > 20 ? $" … ({_languages.Count} in all)" : ""),
            "Begin the text with a language that the model translates to.");
    }
}
