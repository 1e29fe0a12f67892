using System.Text.Json;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Reads <c>model</c> of tokenizer.json.</summary>
internal static class ModelReader
{
    /// <summary>The kind of model; files of old do not say it.</summary>
    /// <exception cref="InvalidInputException">It is none that is known.</exception>
    public static string Type(JsonValue part)
    {
        string type = part.Find("type")?.Text()
            ?? (part.Find("merges") is not null ? "BPE" : part.Find("vocab") is { Kind: JsonValueKind.Array } ? "Unigram" : "WordPiece");
        return type is "BPE" or "WordPiece" or "WordLevel" or "Unigram" ? type : throw part.Unsupported($"a model {PlainText.Quoted(type)}", "BPE, WordPiece, WordLevel or Unigram");
    }

    /// <summary>Whether the model's words are whole in the byte alphabet, so that byte-level BPE needs nothing else.</summary>
    public static bool IsPlainByteBpe(JsonValue part) => Type(part) == "BPE" && part.Text("continuing_subword_prefix", "").Length + part.Text("end_of_word_suffix", "").Length == 0;

    /// <summary>The tokens and their ids; a unigram model has a list of pairs, whose ids are their places.</summary>
    public static Vocabulary Vocabulary(JsonValue part) => Type(part) == "Unigram" ? Pieces(part.Get("vocab")) : Tokenization.Vocabulary.Read(part.Get("vocab"));

    /// <summary>Reads the model.</summary>
    /// <param name="part">What the file says.</param>
    /// <param name="vocabulary">Its vocabulary, with the tokens that steer the model hidden.</param>
    /// <param name="byteLevel">Whether words come as text and are encoded as bytes.</param>
    public static WordModel Read(JsonValue part, Vocabulary vocabulary, bool byteLevel) => Type(part) switch
    {
        "BPE" => Bpe(part, vocabulary, byteLevel),
        "WordPiece" => WordPiece(part, vocabulary),
        "Unigram" => Unigram(part, vocabulary),
        _ => new WordLevelModel(vocabulary, Unknown(part, vocabulary)),
    };

    private static Vocabulary Pieces(JsonValue list)
    {
        var vocabulary = new Vocabulary();
        foreach (JsonValue entry in list.Items())
        {
            if (vocabulary.TryAdd(Pair(entry)[0].Text(), vocabulary.Size) is { } clash)
                throw entry.Wrong(clash, "each piece once");
        }
        return vocabulary.Size > 0 ? vocabulary : throw list.Wrong("an empty vocabulary", "a list of pieces with their log probabilities");
    }

    private static JsonValue[] Pair(JsonValue entry) => entry.Items().ToArray() is { Length: 2 } pair ? pair : throw entry.Wrong($"{entry.Items().Count()} parts", "a piece and its log probability");

    private static UnigramModel Unigram(JsonValue part, Vocabulary vocabulary)
    {
        double[] scores = [.. part.Get("vocab").Items().Select(entry => Pair(entry)[1].Double())];
        int? unknown = part.Find("unk_id")?.Integer();
        if (unknown is { } id && vocabulary.Form(id) is null)
            throw part.Get("unk_id").Wrong($"{id}", $"an id of the vocabulary, 0 … {vocabulary.Size - 1}");
        return new UnigramModel(vocabulary, scores, unknown, part.Truth("byte_fallback", false));
    }

    private static WordModel Bpe(JsonValue part, Vocabulary vocabulary, bool byteLevel)
    {
        MergeList merges = Merges(part, vocabulary, byteLevel);
        bool wholeWordsFirst = part.Truth("ignore_merges", false);
        if (byteLevel)
            return new ByteLevelBpe(part.File.Path, vocabulary, merges, wholeWordsFirst);
        return new CharacterBpe(vocabulary, merges, Unknown(part, vocabulary))
        {
            FuseUnknown = part.Truth("fuse_unk", false),
            ByteFallback = part.Truth("byte_fallback", false),
            WholeWordsFirst = wholeWordsFirst,
            EndOfWord = merges.EndOfWord,
        };
    }

    private static MergeList Merges(JsonValue part, Vocabulary vocabulary, bool byteLevel)
    {
        var merges = new MergeList(vocabulary) { ContinuingPrefix = part.Text("continuing_subword_prefix", ""), EndOfWord = part.Text("end_of_word_suffix", "") };
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
