namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>
/// Reads Hugging Face's tokenizer.json. <c>truncation</c>, <c>padding</c> and the template of <c>post_processor</c> are left alone: the spec says
/// which tokens begin and end a text.
/// </summary>
internal static class TokenizerJsonReader
{
    public static PipelineTokenizer Load(string path)
    {
        using JsonFile file = JsonFile.Open(path);
        JsonValue root = file.Root;
        JsonValue? preTokenizer = root.Find("pre_tokenizer");
        TextNormalizer? normalizer = NormalizerReader.Read(root.Find("normalizer"));
        WordSplitter splitter = SplitterReader.Read(preTokenizer);
        WordModel model = ModelReader.Read(root.Get("model"), SplitterReader.IsByteLevel(preTokenizer));
        return new PipelineTokenizer(path, Added(root, model.Vocabulary), normalizer, splitter, model, DecoderReader.Read(root.Find("decoder")));
    }

    private static AddedTokens Added(JsonValue root, Vocabulary vocabulary)
    {
        var forms = new Dictionary<int, string>();
        var added = new List<AddedToken>();
        foreach (JsonValue part in root.Find("added_tokens")?.Items() ?? [])
        {
            AddedToken token = ReadAdded(part, vocabulary.Size);
            string? other = vocabulary.Form(token.Id) ?? forms.GetValueOrDefault(token.Id);
            if (other is not null && other != token.Text)
                throw part.Get("id").Wrong($"id {token.Id} for {PlainText.Quoted(token.Text)}, which {PlainText.Quoted(other)} has", "one id a token");
            forms[token.Id] = token.Text;
            added.Add(token);
        }
        return new AddedTokens(added.Concat(OfTemplate(root, vocabulary).Where(token => !forms.ContainsKey(token.Id))));
    }

    private static AddedToken ReadAdded(JsonValue part, int vocabularySize)
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
        };
    }

    /// <summary>Tokens that only the template names ([CLS], [SEP]) steer the model too.</summary>
    private static IEnumerable<AddedToken> OfTemplate(JsonValue root, Vocabulary vocabulary)
    {
        if (root.Find("post_processor") is not { } template || template.Find("special_tokens") is not { Kind: System.Text.Json.JsonValueKind.Object } special)
            return [];
        return special.Members().Where(member => vocabulary.Ids.ContainsKey(member.Name)).Select(member => new AddedToken(member.Name, vocabulary.Ids[member.Name], Special: true));
    }
}
