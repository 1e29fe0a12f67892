using Formwork.Runtime.Tokenization.HuggingFace;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// Reads BERT's vocab.txt, one piece a line, its number the id. Case and accents go, unless a tokenizer_config.json beside it says
/// <c>do_lower_case: false</c>. Decoding puts a space before each piece that begins a word.
/// </summary>
internal static class WordPieceReader
{
    private const string Unknown = "[UNK]", Prefix = "##";
    private const int LongestWord = 100;

    private static readonly HashSet<string> Special = ["[PAD]", "[CLS]", "[SEP]", "[MASK]"];

    public static PipelineTokenizer Load(string path, TokenizerConfig config)
    {
        var vocabulary = new Vocabulary();
        string[] lines = TokenizerFile.ReadLines(path);
        for (int id = 0; id < lines.Length; id++)
        {
            if (lines[id].Length > 0 && vocabulary.TryAdd(lines[id], id) is { } clash)
                throw Wrong(path, TokenizerFile.Line(id), clash, "each piece once");
        }
        if (!vocabulary.TryFind(Unknown, out int unknown))
            throw Wrong(path, null, $"no piece {Unknown}", $"one piece a line, {Unknown} among them");
        AddedTokens special = config.Complete(vocabulary.Ids.Where(entry => Special.Contains(entry.Key)).Select(entry => new AddedToken(entry.Key, entry.Value, Special: true)),
            form => vocabulary.TryFind(form, out int id) ? id : null);
        return new PipelineTokenizer(path, special, Normalizer(path), CharacterClassSplitter.Bert, new WordPieceModel(vocabulary, unknown, Prefix, LongestWord),
            new TokenDecoder.WordPiece(Prefix, cleanUp: false));
    }

    private static BertNormalizer Normalizer(string path)
    {
        string config = Path.Combine(Path.GetDirectoryName(path)!, "tokenizer_config.json");
        if (!File.Exists(config))
            return new BertNormalizer(cleanText: true, chineseAlone: true, stripAccents: true, lowercase: true);
        using JsonFile file = JsonFile.Open(config);
        bool lowercase = file.Root.Truth("do_lower_case", true);
        return new BertNormalizer(cleanText: true, file.Root.Truth("tokenize_chinese_chars", true), file.Root.Truth("strip_accents", lowercase), lowercase);
    }

    private static InvalidInputException Wrong(string path, string? place, string found, string expected) => new(path, place, found, expected, "Fetch the file again; it must be a BERT vocab.txt.");
}
