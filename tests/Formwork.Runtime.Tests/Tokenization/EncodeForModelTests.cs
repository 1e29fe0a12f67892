using System.Text.Json;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class EncodeForModelTests
{
    private static void AssertFramed(TokenizedText text, int[] ids, int[] types, bool[] special)
    {
        Assert.Equal(ids, text.Ids);
        Assert.Equal(types, text.TypeIds);
        Assert.Equal(special, text.Special);
    }

    /// <summary>The golden's ids are of tokens t10, t11 …, framed; a row of padding ends in zeros.</summary>
    [DataTheory("tiny-bert-random")]
    [InlineData(TokenizerKind.TokenizerJson)]
    [InlineData(TokenizerKind.WordPiece)]
    public void TinyBertsGoldenIdsComeFromBothOfItsFormats(TokenizerKind kind)
    {
        TextTokenizer tokenizer = TokenizerGoldens.Load(kind, "tiny-bert-random");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("tiny-bert-random", "golden.json")));
        Assert.All(golden.RootElement.EnumerateArray(), run =>
        {
            int[] ids = [.. run.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32())];
            ids = ids[..run.GetProperty("attention_mask").EnumerateArray().Count(mask => mask.GetInt32() == 1)];
            TokenizedText text = tokenizer.EncodeForModel(tokenizer.Decode(ids));
            Assert.Equal(ids, text.Ids);
            Assert.All(text.TypeIds, type => Assert.Equal(0, type));
            Assert.Equal(2, text.Special.Count(special => special));
        });
        AssertFramed(tokenizer.EncodeForModel("t10", "t11 t12"), [2, 10, 3, 11, 12, 3], [0, 0, 0, 1, 1, 1], [true, false, true, false, false, true]);
        Assert.Equal((0, 1, 2, 3), (tokenizer.PadToken, tokenizer.UnknownToken, tokenizer.ClsToken, tokenizer.SepToken));
        Assert.Equal("[MASK]", tokenizer.WrittenForm(tokenizer.MaskToken!.Value));
    }

    private static TextTokenizer Words(string postProcessor)
    {
        using var folder = new TokenizerFolder();
        return folder.With("tokenizer.json", """
            {"model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "a": 3, "b": 4, "eng": 5}}, "pre_tokenizer": {"type": "WhitespaceSplit"},
            "post_processor": POST}
            """.Replace("POST", postProcessor)).Load(TokenizerKind.TokenizerJson);
    }

    [Theory]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1], "trim_offsets": true, "add_prefix_space": false}""",
        new[] { 1, 3, 2 }, new[] { 1, 3, 2, 2, 4, 2 }, new[] { 0, 0, 0, 0, 0, 0 })]
    [InlineData("""{"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1]}""", new[] { 1, 3, 2 }, new[] { 1, 3, 2, 4, 2 }, new[] { 0, 0, 0, 1, 1 })]
    [InlineData("""{"type": "ByteLevel", "trim_offsets": true}""", new[] { 3 }, new[] { 3, 4 }, new[] { 0, 0 })]
    [InlineData("""
        {"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "eng", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}}], "pair": [{"SpecialToken": {"id": "eng", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 3}}],
        "special_tokens": {"eng": {"id": "eng", "ids": [5, 5], "tokens": ["eng", "eng"]}, "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}}]}
        """, new[] { 5, 5, 3, 2 }, new[] { 5, 5, 3, 4 }, new[] { 0, 0, 0, 3 })]
    [InlineData("null", new[] { 3 }, new[] { 3, 4 }, new[] { 0, 0 })]
    public void PostProcessorsFrameAsTheySay(string postProcessor, int[] single, int[] pair, int[] pairTypes)
    {
        TextTokenizer tokenizer = Words(postProcessor);
        Assert.Equal(single, tokenizer.EncodeForModel("a").Ids);
        TokenizedText both = tokenizer.EncodeForModel("a", "b");
        Assert.Equal(pair, both.Ids);
        Assert.Equal(pairTypes, both.TypeIds);
        Assert.Equal([3, 4], both.Ids.Where((_, index) => !both.Special[index]));
    }

    [Fact]
    public void SpecialTokensInTheTextNeedPermission()
    {
        TextTokenizer tokenizer = Words("null");
        // No added token says that </s> is special, so it is a word; with a template it steers the model.
        Assert.Equal([2], tokenizer.EncodeForModel("</s>").Ids);
        TextTokenizer framed = Words("""
            {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}], "pair": [], "special_tokens": {"</s>": {"id": "</s>", "ids": [2]}}}
            """);
        Assert.Equal([0, 2], framed.EncodeForModel("</s>").Ids);
        Assert.Equal([2, 2], framed.EncodeForModel("</s>", allowSpecial: true).Ids);
    }

    private static TextTokenizer SentencePiece(string? config, int algorithm = 1, int? begin = null)
    {
        using var folder = new TokenizerFolder();
        folder.With("tokenizer.model", new SentencePieceFile { Algorithm = algorithm, RemoveExtraSpaces = true }.Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3)
            .Piece("\u2581", -3).Piece("a", -2).Piece("b", -2).Piece("\u2581a", -1).Piece("\u2581b", -1).Bytes());
        if (config is not null)
            folder.With("tokenizer_config.json", config);
        return TokenizerLoader.Load(new TokenizerDescription(TokenizerKind.SentencePiece, null, null, begin, []), folder.Path)!;
    }

    [Fact]
    public void UnigramModelsEndATextAsT5Does()
    {
        TextTokenizer tokenizer = SentencePiece(null);
        AssertFramed(tokenizer.EncodeForModel("a", "b"), [6, 2, 7, 2], [0, 0, 0, 0], [false, true, false, true]);
        Assert.Equal([6, 2], SentencePiece("""{"tokenizer_class": "T5Tokenizer"}""").EncodeForModel("a").Ids);
    }

    [Fact]
    public void T5HasSentinelsAfterItsPieces()
    {
        TextTokenizer tokenizer = SentencePiece("""{"tokenizer_class": "T5Tokenizer", "extra_ids": 2}""");
        Assert.Equal(10, tokenizer.VocabularySize);
        Assert.Equal([6, 9, 7, 8], tokenizer.Encode("a <extra_id_0> b <extra_id_1>", allowSpecial: true));
        Assert.Equal(108, SentencePiece("""{"tokenizer_class": "T5TokenizerFast"}""").VocabularySize);
    }

    [Fact]
    public void XlmRHasFairseqsIdsAndRobertasFrame()
    {
        TextTokenizer tokenizer = SentencePiece("""{"tokenizer_class": "XLMRobertaTokenizer", "mask_token": {"content": "<mask>"}}""");
        Assert.Equal([0, 7, 2, 2, 8, 2], tokenizer.EncodeForModel("a", "b").Ids);
        Assert.Equal([0, 7, 9, 8, 2], tokenizer.EncodeForModel("a <mask> b", allowSpecial: true).Ids);
        Assert.Equal((9, 1, 3, 10), (tokenizer.MaskToken, tokenizer.PadToken, tokenizer.UnknownToken, tokenizer.VocabularySize));
        Assert.Equal([7, 3], tokenizer.Encode("ax"));
        Assert.Equal("a b", tokenizer.Decode([0, 7, 8, 2]));
    }

    [Fact]
    public void BytePairModelsBeginAsTheSpecSays()
    {
        Assert.Equal([1, 6], SentencePiece(null, algorithm: 2, begin: 1).EncodeForModel("a").Ids);
        Assert.Equal([6], SentencePiece(null, algorithm: 2).EncodeForModel("a").Ids);
        Assert.Equal([1, 6, 2], SentencePiece("""{"tokenizer_class": "LlamaTokenizer", "add_bos_token": true, "add_eos_token": true, "bos_token": "<s>", "eos_token": "</s>"}""", algorithm: 2)
            .EncodeForModel("a").Ids);
    }

    [Fact]
    public void AddedTokensOfTheConfigurationAreFound()
    {
        TextTokenizer tokenizer = SentencePiece("""{"tokenizer_class": "LlamaTokenizer", "added_tokens_decoder": {"8": {"content": "<|im_end|>", "special": true, "rstrip": true}}}""", algorithm: 2);
        Assert.Equal([6, 8, 5], tokenizer.Encode("a<|im_end|> b", allowSpecial: true));
        Assert.Equal(9, tokenizer.VocabularySize);
        Assert.Equal("a", tokenizer.Decode([6, 8]));
    }

    [Fact]
    public void ListsOfWordsAreFramedAsTheSpecSays()
    {
        using var folder = new TokenizerFolder();
        folder.With("vocab.json", """{"<s>": 0, "</s>": 1, "a": 2, "<pad>": 3}""");
        TextTokenizer tokenizer = TokenizerLoader.Load(new TokenizerDescription(TokenizerKind.Words, null, null, 0, [1]), folder.Path)!;
        Assert.Equal([0, 2, 1], tokenizer.EncodeForModel("a").Ids);
        Assert.Equal(3, tokenizer.PadToken);
    }

    [DataFact(TokenizerGoldens.Folder)]
    public void BertIsFramedAsItWasTrained()
    {
        TextTokenizer bert = TokenizerGoldens.Load(TokenizerKind.WordPiece, TokenizerGoldens.Folder, "bert-base-uncased.vocab.txt");
        AssertFramed(bert.EncodeForModel("Hello", "world"), [101, 7592, 102, 2088, 102], [0, 0, 0, 1, 1], [true, false, true, false, true]);
        Assert.Equal((103, 0, 100, 101, 102), (bert.MaskToken, bert.PadToken, bert.UnknownToken, bert.ClsToken, bert.SepToken));
        Assert.Equal([101, 7592, 103, 102], bert.EncodeForModel("hello [MASK]", allowSpecial: true).Ids);
    }
}
