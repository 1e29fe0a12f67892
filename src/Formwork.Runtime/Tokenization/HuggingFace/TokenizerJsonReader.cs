namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Reads Hugging Face's tokenizer.json. <c>truncation</c> and <c>padding</c> are left alone: batches are packed by the runtime.</summary>
internal static class TokenizerJsonReader
{
    public static PipelineTokenizer Load(string path)
    {
        using JsonFile file = JsonFile.Open(path);
        JsonValue root = file.Root;
        JsonValue? preTokenizer = root.Find("pre_tokenizer");
        JsonValue modelPart = root.Get("model");
        TextNormalizer? normalizer = NormalizerReader.Read(root.Find("normalizer"));
        // Byte-level BPE reads words as text; any other model, and one with steps after ByteLevel, reads them in the byte alphabet.
        bool byteBpe = SplitterReader.EndsWithByteLevel(preTokenizer) && ModelReader.IsPlainByteBpe(modelPart);
        WordSplitter splitter = SplitterReader.Read(preTokenizer, inAlphabet: !byteBpe);
        Vocabulary vocabulary = ModelReader.Vocabulary(modelPart);
        AddedTokens added = Added(root, vocabulary, normalizer);
        vocabulary.Hide(added.SpecialIds);
        WordModel model = ModelReader.Read(modelPart, vocabulary, byteBpe);
        return new PipelineTokenizer(path, added, normalizer, splitter, model, DecoderReader.Read(root.Find("decoder")))
        {
            Template = PostProcessorReader.Read(root.Find("post_processor"), vocabulary, added),
        };
    }

    private static AddedTokens Added(JsonValue root, Vocabulary vocabulary, TextNormalizer? normalizer)
    {
        var forms = new Dictionary<int, string>();
        var added = new List<AddedToken>();
        foreach (JsonValue part in root.Find("added_tokens")?.Items() ?? [])
        {
            AddedToken token = ReadAdded(part, vocabulary.Size, normalizer);
            string? other = vocabulary.Form(token.Id) ?? forms.GetValueOrDefault(token.Id);
            if (other is not null && other != token.Text)
                throw part.Get("id").Wrong($"id {token.Id} for {PlainText.Quoted(token.Text)}, which {PlainText.Quoted(other)} has", "one id a token");
            forms[token.Id] = token.Text;
            added.Add(token);
        }
        return new AddedTokens(added.Concat(OfTemplate(root, vocabulary).Where(token => !forms.ContainsKey(token.Id))));
    }

    private static AddedToken ReadAdded(JsonValue part, int vocabularySize, TextNormalizer? normalizer)
    {
        int id = part.Get("id").Integer();
        // As in the vocabulary, an id must not make a table of two thousand million.
        int greatest = vocabularySize + 65_536;
        if (id < 0 || id > greatest)
            throw part.Get("id").Wrong($"id {id}", $"0 … {greatest}");
        string text = part.Get("content").Text();
        if (text.Length == 0)
            throw part.Get("content").Wrong("an empty text", "the token's text");
        return new AddedToken(text, id, part.Truth("special", false))
        {
            TakesSpaceBefore = part.Truth("lstrip", false),
            TakesSpaceAfter = part.Truth("rstrip", false),
            WholeWord = part.Truth("single_word", false),
            NormalizedText = part.Truth("normalized", false) && normalizer is not null ? Normalized(text, normalizer) : null,
        };
    }

    /// <summary>
    /// A token's normalized form; null where the normalizer puts something in front (Llama's <c>▁</c>), as the token could then be found at a
    /// text's beginning only and is better looked for in the text as it came.
    /// </summary>
    private static string? Normalized(string text, TextNormalizer normalizer)
    {
        string normalized = normalizer.Normalize(text);
        return normalized.Length == 0 || (normalized.Length > text.Length && normalized.EndsWith(text, StringComparison.Ordinal)) ? null : normalized;
    }

    /// <summary>Tokens that only the template names ([CLS], [SEP]) steer the model too.</summary>
    private static IEnumerable<AddedToken> OfTemplate(JsonValue root, Vocabulary vocabulary)
    {
        if (root.Find("post_processor") is not { } template || template.Find("special_tokens") is not { Kind: System.Text.Json.JsonValueKind.Object } special)
            return [];
        return special.Members().Where(member => vocabulary.Ids.ContainsKey(member.Name)).Select(member => new AddedToken(member.Name, vocabulary.Ids[member.Name], Special: true));
    }
}
