using System.Text.Json;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Reads <c>model</c> of tokenizer.json.</summary>
internal static class ModelReader
{
    public static WordModel Read(JsonValue part, bool byteLevel)
    {
        string type = part.Find("type")?.Text() ?? (part.Find("merges") is null ? "WordPiece" : "BPE");
        if (type is not ("BPE" or "WordPiece" or "WordLevel"))
            throw part.Unsupported($"a model {PlainText.Quoted(type)}", "BPE, WordPiece or WordLevel");
        if (byteLevel && type != "BPE")
            throw part.Unsupported($"a model {PlainText.Quoted(type)} over bytes", "BPE with the pre-tokenizer ByteLevel");
        var vocabulary = Vocabulary.Read(part.Get("vocab"));
        return type switch
        {
            "BPE" => Bpe(part, vocabulary, byteLevel),
            "WordPiece" => WordPiece(part, vocabulary),
            _ => new WordLevelModel(vocabulary, Unknown(part, vocabulary)),
        };
    }

    private static WordModel Bpe(JsonValue part, Vocabulary vocabulary, bool byteLevel)
    {
        foreach (string name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (part.Text(name, "").Length > 0)
                throw part.Get(name).Unsupported(PlainText.Quoted(part.Text(name, "")), "none");
        }
        MergeList merges = Merges(part, vocabulary, byteLevel);
        bool wholeWordsFirst = part.Truth("ignore_merges", false);
        if (byteLevel)
            return new ByteLevelBpe(part.File.Path, vocabulary, merges, wholeWordsFirst);
        return new CharacterBpe(vocabulary, merges, Unknown(part, vocabulary))
        {
            FuseUnknown = part.Truth("fuse_unk", false),
            ByteFallback = part.Truth("byte_fallback", false),
            WholeWordsFirst = wholeWordsFirst,
        };
    }

    private static MergeList Merges(JsonValue part, Vocabulary vocabulary, bool byteLevel)
    {
        var merges = new MergeList(vocabulary);
        foreach (JsonValue merge in part.Get("merges").Items())
        {
            string[] pair = merge.Kind == JsonValueKind.String ? merge.Text().Split(' ') : [.. merge.Items().Select(item => item.Text())];
            if (pair.Length != 2)
                throw merge.Wrong($"{pair.Length} parts", "two tokens");
            if (byteLevel && pair.Any(token => token.Contains(' ')))
                throw merge.Wrong("a space", "tokens in the byte alphabet, which has none");
            if (merges.TryAdd(pair[0], pair[1]) is { } problem)
                throw merge.Wrong(problem, "two tokens of the vocabulary, each pair once");
        }
        return merges;
    }

    private static WordPieceModel WordPiece(JsonValue part, Vocabulary vocabulary)
    {
        int unknown = Unknown(part, vocabulary) ?? throw part.Wrong("no unk_token", "the token for unknown words");
        int longest = part.Integer("max_input_chars_per_word", 100);
        if (longest is < 1 or > 10_000)
            throw part.Get("max_input_chars_per_word").Wrong($"{longest}", "1 … 10000");
        return new WordPieceModel(vocabulary, unknown, part.Text("continuing_subword_prefix", "##"), longest);
    }

    private static int? Unknown(JsonValue part, Vocabulary vocabulary)
    {
        if (part.Find("unk_token") is not { } token)
            return null;
        return vocabulary.TryFind(token.Text(), out int id) ? id : throw token.Wrong($"{PlainText.Quoted(token.Text())}, which the vocabulary lacks", "a token of the vocabulary");
    }
}
