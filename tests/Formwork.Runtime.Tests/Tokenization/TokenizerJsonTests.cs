using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class TokenizerJsonTests
{
    private const string WordLevel = """{"type": "WordLevel", "vocab": {"[UNK]": 0, "a": 1, "b": 2, "ab": 3, "!": 4, "1": 5, "12": 6}, "unk_token": "[UNK]"}""";

    [DataFact("tiny-bert-random")]
    public void ARealFileLoadsAndEncodes()
    {
        TextTokenizer tokenizer = TokenizerGoldens.Load(TokenizerKind.TokenizerJson, "tiny-bert-random");
        Assert.Equal(256, tokenizer.VocabularySize);
        Assert.Equal([10, 11, 1], tokenizer.Encode("t10 t11 unheard"));
        Assert.Equal([2, 10, 3], tokenizer.Encode("[CLS]t10[SEP]", allowSpecial: true));
        Assert.Equal("t10 t11", tokenizer.Decode([2, 10, 11, 3]));
    }

    [DataFact(TokenizerGoldens.Folder, "gpt2-bpe")]
    public void Gpt2AsTokenizerJsonPassesTheGoldens()
    {
        string[] merges = [.. File.ReadLines(TestData.Path("gpt2-bpe", "vocab.bpe")).Skip(1).Where(line => line.Length > 0)];
        var model = new JsonObject
        {
            ["type"] = "BPE",
            ["vocab"] = JsonNode.Parse(File.ReadAllText(TestData.Path("gpt2-bpe", "encoder.json"))),
            ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)new JsonArray([.. merge.Split(' ').Select(token => (JsonNode)token)]))]),
        };
        AssertGoldens("gpt-2", Load(model.ToJsonString(), """
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}, "decoder": {"type": "ByteLevel"},
            "added_tokens": [{"id": 50256, "content": "<|endoftext|>", "special": true}]
            """));
        AssertGoldens("gpt-2", Load(model.ToJsonString(), """
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"}, "behavior": "Isolated", "invert": false},
                {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}, "decoder": {"type": "ByteLevel"}
            """));
    }

    [DataFact(TokenizerGoldens.Folder, "llama-tokenizer")]
    public void LlamaAsTokenizerJsonPassesTheGoldens() => AssertGoldens("llama-spm", Load(LlamaModel().ToJsonString(), """
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
        "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
        """));

    /// <summary>The Llama vocabulary as Hugging Face converts it: every way to make a piece of two is a merge, by score. Scores fall with the ids, but
    /// for runs of spaces, which come last.</summary>
    private static JsonObject LlamaModel()
    {
        TextTokenizer llama = TokenizerGoldens.Load(TokenizerKind.SentencePiece, "llama-tokenizer");
        Dictionary<string, int> ids = Enumerable.Range(0, llama.VocabularySize).ToDictionary(llama.WrittenForm);
        var merges = new JsonArray();
        foreach ((string piece, _) in ids.Where(entry => entry.Value > 258).OrderBy(entry => entry.Key.Trim('▁').Length == 0).ThenBy(entry => entry.Value))
        {
            for (int split = 1; split < piece.Length; split++)
            {
                if (ids.ContainsKey(piece[..split]) && ids.ContainsKey(piece[split..]))
                    merges.Add($"{piece[..split]} {piece[split..]}");
            }
        }
        return new JsonObject
        {
            ["type"] = "BPE", ["unk_token"] = "<unk>", ["fuse_unk"] = true, ["byte_fallback"] = true,
            ["vocab"] = new JsonObject(ids.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))), ["merges"] = merges,
        };
    }

    [DataFact(TokenizerGoldens.Folder)]
    public void BertAsTokenizerJsonPassesTheGoldens()
    {
        string[] lines = File.ReadAllLines(TestData.Path(TokenizerGoldens.Folder, "bert-base-uncased.vocab.txt"));
        var vocabulary = new JsonObject(lines.Select((line, id) => KeyValuePair.Create(line, (JsonNode?)id)));
        TextTokenizer tokenizer = Load(new JsonObject { ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["continuing_subword_prefix"] = "##", ["vocab"] = vocabulary }.ToJsonString(),
            """
            "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
            "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true}
            """);
        Assert.All(TokenizerGoldens.Read("bert-bge"), golden => Assert.Equal(golden.Tokens, tokenizer.Encode(golden.Text)));
        Assert.Equal("hello, how are you?", tokenizer.Decode(tokenizer.Encode("Hello, how are you?")));
    }

    private static void AssertGoldens(string set, TextTokenizer tokenizer) => Assert.All(TokenizerGoldens.Read(set), golden =>
    {
        Assert.Equal(golden.Tokens, tokenizer.Encode(golden.Text));
        Assert.Equal(golden.Text, tokenizer.Decode(golden.Tokens));
    });

    private static TextTokenizer Load(string model, string rest = "\"decoder\": null")
    {
        using var folder = new TokenizerFolder();
        return folder.With("tokenizer.json", $$"""{"model": {{model}}, {{rest}}}""").Load(TokenizerKind.TokenizerJson);
    }

    [Theory]
    [InlineData("""{"type": "Whitespace"}""", "a b!ab", new[] { 1, 2, 4, 3 })]
    [InlineData("""{"type": "WhitespaceSplit"}""", "a  b!\tab", new[] { 1, 0, 3 })]
    [InlineData("""{"type": "BertPreTokenizer"}""", " a b!!", new[] { 1, 2, 4, 4 })]
    [InlineData("""{"type": "Punctuation", "behavior": "Isolated"}""", "a!b", new[] { 1, 4, 2 })]
    [InlineData("""{"type": "Punctuation", "behavior": "Removed"}""", "a!b!", new[] { 1, 2 })]
    [InlineData("""{"type": "Digits", "individual_digits": true}""", "a11b", new[] { 1, 5, 5, 2 })]
    [InlineData("""{"type": "Digits", "individual_digits": false}""", "a12b", new[] { 1, 6, 2 })]
    [InlineData("""{"type": "CharDelimiterSplit", "delimiter": "-"}""", "a-b--ab", new[] { 1, 2, 3 })]
    [InlineData("""{"type": "Split", "pattern": {"String": "b"}, "behavior": "MergedWithPrevious"}""", "ababb", new[] { 3, 3, 2 })]
    [InlineData("""{"type": "Split", "pattern": {"String": "a"}, "behavior": "MergedWithNext"}""", "abaab", new[] { 3, 1, 3 })]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "[ab]"}, "behavior": "Contiguous"}""", "ab!ab", new[] { 3, 4, 3 })]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "[0-9]+"}, "behavior": "Removed", "invert": true}""", "a12b1", new[] { 6, 5 })]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Punctuation"}]}""", "a b!", new[] { 1, 2, 4 })]
    [InlineData("""{"type": "UnicodeScripts"}""", "a!b", new[] { 1, 4, 2 })]
    [InlineData("""{"type": "UnicodeScripts"}""", "ab京か", new[] { 3, 0 })]
    [InlineData("""{"type": "UnicodeScripts"}""", "ab жabж", new[] { 0, 0, 3, 0 })]
    public void PreTokenizersCutAsTheySay(string preTokenizer, string text, int[] expected) =>
        Assert.Equal(expected, Load(WordLevel, $"\"pre_tokenizer\": {preTokenizer}").Encode(text));

    [Theory]
    [InlineData("""{"type": "Lowercase"}""", "AB", 3)]
    [InlineData("""{"type": "NFKC"}""", "ａｂ", 3)]
    [InlineData("""{"type": "NFKD"}""", "ⓐⓑ", 3)]
    [InlineData("""{"type": "Nmt"}""", "a\u0001\u007fb", 3)]
    [InlineData("""{"type": "StripAccents"}""", "a\u0301b\u0903\u20DD", 3)]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "Strip"}]}""", "\u200Bab\uFEFF\n", 3)]
    [InlineData("""{"type": "Strip"}""", "  ab\n", 3)]
    [InlineData("""{"type": "Prepend", "prepend": "a"}""", "b", 3)]
    [InlineData("""{"type": "Replace", "pattern": {"String": "x"}, "content": "b"}""", "ax", 3)]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "x+"}, "content": "$0b"}""", "xx", 0)]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}]}""", "\u1EA4\u0062", 3)]
    public void NormalizersChangeTheText(string normalizer, string text, int expected) =>
        Assert.Equal([expected], Load(WordLevel, $"\"normalizer\": {normalizer}").Encode(text));

    [Theory]
    [InlineData("a\u0301", "\u00E1")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("e\u0323\u0302", "\u1EC7")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    public void NfcComposes(string text, string composed)
    {
        string model = new JsonObject { ["type"] = "WordLevel", ["vocab"] = new JsonObject { [composed] = 0 } }.ToJsonString();
        Assert.Equal([0], Load(model, """ "normalizer": {"type": "NFC"} """).Encode(text));
    }

    /// <summary>Hand-checked against UnicodeData.txt.</summary>
    [Theory]
    [InlineData("\uFB01\u00BD\u3392", "fi1\u20442MHz", "fi1\u20442MHz")]
    [InlineData("\u1E9B\u0323", "\u1E69", "s\u0323\u0307")]
    [InlineData("\uFDFA", "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645", "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645")]
    [InlineData("\uFF76\uFF9E", "\u30AC", "\u30AB\u3099")]
    [InlineData("\U0001D54F\u00A0\u2460", "X 1", "X 1")]
    [InlineData("\u3131\uFFA1", "\u1100\u1100", "\u1100\u1100")]
    public void CompatibilityFormsNeedNoLibrary(string text, string composed, string decomposed)
    {
        string model = new JsonObject { ["type"] = "WordLevel", ["vocab"] = new JsonObject { [composed] = 0, [decomposed == composed ? "-" : decomposed] = 1 } }.ToJsonString();
        Assert.Equal([0], Load(model, """ "normalizer": {"type": "NFKC"} """).Encode(text));
        Assert.Equal([decomposed == composed ? 0 : 1], Load(model, """ "normalizer": {"type": "NFKD"} """).Encode(text));
    }

    [Fact]
    public void WordsAreCutInTheByteAlphabetWhereByteLevelComesFirst()
    {
        const string Model = """{"type": "BPE", "vocab": {"a": 0, "1": 1, "2": 2, "Ġ": 3, "12": 4, "Ġa": 5, "3": 6, "123": 7, "Ã": 8, "©": 9}, "merges": ["1 2", "Ġ a", "12 3"]}""";
        TextTokenizer tokenizer = Load(Model, """
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Punctuation", "behavior": "Contiguous"}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
                {"type": "Digits", "individual_digits": false}, {"type": "Split", "pattern": {"Regex": "[0-9][0-9][0-9]"}, "behavior": "Isolated", "invert": false}]}, "decoder": {"type": "ByteLevel"}
            """);
        Assert.Equal([5, 7, 4, 8, 9], tokenizer.Encode(" a12312é"));
        Assert.Equal(" a12312é", tokenizer.Decode([5, 7, 4, 8, 9]));
    }

    [Fact]
    public void ClipsWordsEndInASuffix()
    {
        const string Model = """
            {"type": "BPE", "unk_token": "<|endoftext|>", "end_of_word_suffix": "</w>", "continuing_subword_prefix": "",
            "vocab": {"a": 0, "a</w>": 1, "b": 2, "b</w>": 3, "ab": 4, "ab</w>": 5, "aab</w>": 6, "<|endoftext|>": 7}, "merges": ["a b</w>", "a ab</w>", "a b"]}
            """;
        TextTokenizer tokenizer = Load(Model, """
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "ByteLevel", "add_prefix_space": false}]},
            "decoder": {"type": "BPEDecoder", "suffix": "</w>"}
            """);
        Assert.Equal([6, 4, 1, 3], tokenizer.Encode("aab aba b"));
        Assert.Equal("aab aba b", tokenizer.Decode([6, 4, 1, 3]));
        Assert.Equal([7], tokenizer.Encode("c"));
    }

    [Fact]
    public void PiecesWithinAWordMayHaveAPrefix()
    {
        const string Model = """
            {"type": "BPE", "continuing_subword_prefix": "##", "unk_token": "?", "vocab": {"a": 0, "##b": 1, "##a": 2, "ab": 3, "##ab": 4, "?": 5}, "merges": [["a", "##b"], ["##a", "##b"]]}
            """;
        Assert.Equal([3, 4, 0, 2], Load(Model, """ "pre_tokenizer": {"type": "WhitespaceSplit"} """).Encode("abab aa"));
    }

    [Fact]
    public void NormalizedAddedTokensAreFoundInTheNormalizedText()
    {
        TextTokenizer tokenizer = Load(WordLevel, """
            "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "WhitespaceSplit"},
            "added_tokens": [{"id": 7, "content": "[MASK]", "special": true, "normalized": true}, {"id": 8, "content": "[Sep]", "special": true, "normalized": false}]
            """);
        Assert.Equal([1, 7, 7, 8, 0], tokenizer.Encode("A [mask] [MASK] [Sep] [SEP]", allowSpecial: true));
        Assert.Equal([1, 0], tokenizer.Encode("A [MASK]"));
    }

    [Fact]
    public void ASpecialTokenThatIsAWordOfTheVocabularyCannotBeTyped()
    {
        TextTokenizer tokenizer = Load(WordLevel, """ "pre_tokenizer": {"type": "WhitespaceSplit"}, "added_tokens": [{"id": 4, "content": "!", "special": true}] """);
        Assert.Equal([1, 0], tokenizer.Encode("a !"));
        Assert.Equal([1, 4], tokenizer.Encode("a !", allowSpecial: true));
    }

    [Fact]
    public void OfATextThatOthersWroteInPartOnlyTheCallersSpecialTokensAreFound()
    {
        TextTokenizer tokenizer = Load(WordLevel, """
            "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
            "added_tokens": [{"id": 7, "content": "<end>", "special": true}, {"id": 8, "content": "<tool>", "special": false, "normalized": true}, {"id": 9, "content": "  ", "special": false}]
            """);
        // Hers begins with the rest of a token that the template's last character could open.
        const string Text = "<end>a<tool>b  <end>", Hers = "end><end>a  <tool>", Rest = "<end>";
        bool[] marks = [.. Enumerable.Repeat(false, Text.Length), .. Enumerable.Repeat(true, Hers.Length), .. Enumerable.Repeat(false, Rest.Length)];
        IReadOnlyList<int> tokens = tokenizer.Encode(new MarkedText(Text + Hers + Rest, marks));
        Assert.Equal([7, 1, 8, 2, 9, 7], tokens.Take(6));
        Assert.Equal([7], tokens.Skip(tokens.Count - 1));
        Assert.DoesNotContain(7, tokens.Skip(6).SkipLast(1));
        Assert.DoesNotContain(8, tokens.Skip(6));
        Assert.Contains(9, tokens.Skip(6));
        Assert.DoesNotContain(7, tokenizer.Encode(new MarkedText("<end>", [false, true, true, true, true])));
    }

    [Fact]
    public void MetaspaceMakesSpacesVisibleAndBack()
    {
        const string Model = """{"type": "BPE", "vocab": {"▁": 0, "a": 1, "▁a": 2}, "merges": ["▁ a"]}""";
        TextTokenizer tokenizer = Load(Model, """
            "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}, "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}
            """);
        Assert.Equal([2, 2, 0, 2], tokenizer.Encode("a a  a"));
        Assert.Equal("a a  a", tokenizer.Decode([2, 2, 0, 2]));
    }

    [Fact]
    public void AddedTokensFollowTheirFlags()
    {
        TextTokenizer tokenizer = Load(WordLevel, """
            "pre_tokenizer": {"type": "WhitespaceSplit"},
            "added_tokens": [{"id": 7, "content": "<end>", "special": true, "lstrip": true, "rstrip": true}, {"id": 8, "content": "  ", "special": false},
                {"id": 9, "content": "bb", "special": true, "single_word": true}, {"id": 10, "content": "<tool>", "special": false}]
            """);
        Assert.Equal(11, tokenizer.VocabularySize);
        Assert.Equal([1, 8, 2], tokenizer.Encode("a  b"));
        Assert.Equal([1, 0], tokenizer.Encode("a <end>"));
        Assert.Equal([1, 7, 2], tokenizer.Encode("a <end> b", allowSpecial: true));
        Assert.Equal([9, 0, 10], tokenizer.Encode("bb bba <tool>", allowSpecial: true));
        Assert.Equal("a <tool>", tokenizer.Decode([1, 7, 10]));
    }

    [Fact]
    public void WholeWordsComeFirstWhereMergesAreIgnored()
    {
        const string Model = """{"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "aba": 3}, "merges": ["a b"], "ignore_merges": true}""";
        Assert.Equal([3, 2], Load(Model, """ "pre_tokenizer": {"type": "WhitespaceSplit"} """).Encode("aba ab"));
        Assert.Equal([2, 0, 0], Load(Model).Encode("abaa"));
    }

    [Fact]
    public void WhatTheVocabularyCannotWriteIsAnErrorOfThePrompt()
    {
        const string Model = """{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}""";
        Assert.Contains("prompt: found 'c'", Assert.Throws<InvalidInputException>(() => Load(Model).Encode("abc")).Message);
        string bytes = """ "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false} """;
        Assert.Contains("0x63", Assert.Throws<InvalidInputException>(() => Load(Model, bytes).Encode("abc")).Message);
    }
}
