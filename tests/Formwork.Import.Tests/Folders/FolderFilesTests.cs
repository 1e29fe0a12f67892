using Formwork.Compiler.Spec;
using Formwork.Import.Tests.Families;
using Xunit;

namespace Formwork.Import.Tests.Folders;

/// <summary>What the files beside config.json say: tokenizer, generation, pooling.</summary>
public sealed class FolderFilesTests
{
    private const string Bart = """
        {
          "architectures": ["BartForConditionalGeneration"], "model_type": "bart", "d_model": 32, "encoder_layers": 1, "decoder_layers": 2,
          "encoder_attention_heads": 2, "decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 128, "activation_function": "gelu",
          "max_position_embeddings": 64, "vocab_size": 100, "eos_token_id": 2, "decoder_start_token_id": 2
        }
        """;

    private const string Bert = """
        {
          "architectures": ["BertModel"], "model_type": "bert", "hidden_size": 32, "intermediate_size": 64, "max_position_embeddings": 128,
          "num_attention_heads": 4, "num_hidden_layers": 2, "vocab_size": 256
        }
        """;

    [Theory]
    [InlineData("tokenizer.json vocab.json merges.txt", TokenizerKind.TokenizerJson)]
    [InlineData("vocab.json merges.txt", TokenizerKind.ByteBpe)]
    [InlineData("encoder.json vocab.bpe", TokenizerKind.ByteBpe)]
    [InlineData("tokenizer.model", TokenizerKind.SentencePiece)]
    [InlineData("spiece.model", TokenizerKind.SentencePiece)]
    [InlineData("source.spm target.spm vocab.json", TokenizerKind.Marian)]
    [InlineData("vocab.txt", TokenizerKind.WordPiece)]
    [InlineData("token_mappings.json", TokenizerKind.Words)]
    [InlineData("vocab.json", TokenizerKind.None)]
    public void TokenizerIsThatOfTheFiles(string files, TokenizerKind kind)
    {
        using var folder = new FolderOnDisk(LlamaFamilyTests.Llama);
        foreach (string file in files.Split(' '))
            folder.With(file, "{}");
        Assert.Equal(kind, Spec(folder).Tokenizer.Kind);
    }

    [Theory]
    [InlineData("{\"add_bos_token\": true}", "{}", 1)]
    [InlineData("{\"add_bos_token\": false}", "{\"post_processor\": {\"single\": [{\"SpecialToken\": {\"id\": \"<s>\"}}]}}", null)]
    [InlineData("{}", "{\"post_processor\": {\"type\": \"Sequence\", \"processors\": [{\"type\": \"ByteLevel\"}, {\"single\": [{\"SpecialToken\": {\"id\": \"<s>\"}}]}]}}", 1)]
    [InlineData("{}", "{\"post_processor\": {\"single\": [{\"Sequence\": {\"id\": \"A\"}}]}}", null)]
    [InlineData("{}", "{\"post_processor\": null}", null)]
    public void BeginTokenIsPutWhereTheTokenizerPutsIt(string config, string tokenizer, int? begin)
    {
        using var folder = new FolderOnDisk(LlamaFamilyTests.Llama).With("tokenizer_config.json", config).With("tokenizer.json", tokenizer);
        Assert.Equal(begin, Spec(folder).Tokenizer.BeginToken);
    }

    [Fact]
    public void GenerationFileGoesBeforeTheConfiguration()
    {
        using var folder = new FolderOnDisk(LlamaFamilyTests.Llama).With("generation_config.json",
            """{"eos_token_id": [2, 7], "do_sample": true, "temperature": 0.6, "top_k": 20, "top_p": 0.9, "repetition_penalty": 1.1, "suppress_tokens": [9]}""");
        ModelSpec spec = Spec(folder);
        Assert.Equal([2, 7], spec.Tokenizer.EndTokens);
        Assert.Equal((0.6, 20, 0.9, 1.1), (spec.Generation.Temperature, spec.Generation.TopK, spec.Generation.TopP, spec.Generation.RepetitionPenalty));
        Assert.Equal([9], spec.Generation.Suppressed);
    }

    [Fact]
    public void TemperatureOfAModelThatIsNotSampledFromCountsForNothing()
    {
        using var folder = new FolderOnDisk(LlamaFamilyTests.Llama).With("generation_config.json", """{"temperature": 0.6}""");
        Assert.Null(Spec(folder).Generation.Temperature);
    }

    [Fact]
    public void TokensOutsideTheVocabularyAreLeftOut()
    {
        using var folder = new FolderOnDisk(FolderOnDisk.Changed(LlamaFamilyTests.Llama, ("eos_token_id", "[2, 50256]")));
        Assert.Equal([2], Spec(folder).Tokenizer.EndTokens);
    }

    [Fact]
    public void EncoderDecoderHasStartForcedTokensAndBeams()
    {
        using var folder = new FolderOnDisk(Bart).With("generation_config.json",
            """{"decoder_start_token_id": 3, "forced_bos_token_id": 5, "num_beams": 4, "length_penalty": 2.0, "bad_words_ids": [[99], [4, 5]], "no_repeat_ngram_size": 3}""");
        ImportedModel imported = HuggingFaceFolder.Import(folder.Path);
        GenerationSpec generation = imported.Spec.Generation;
        Assert.Equal((3, 4, 2.0), (generation.Start, generation.Beams, generation.LengthPenalty));
        Assert.Equal([5], generation.ForcedFirst);
        Assert.Equal([99], generation.Suppressed);
        Assert.Contains("# no_repeat_ngram_size (3) is left out", imported.Text.Text);
        Assert.Contains("bad_words_ids", imported.Text.Text);
    }

    [Fact]
    public void StacksOfDifferentSizesAreSaidApart() => ImportAssert.Means(Bart, """
        architecture: encoder-decoder
        vocabulary: 100
        context: 64
        width: 32
        attention: {bias: true}
        feed_forward: {activation: gelu, bias: true}
        norm: {kind: layer, placement: post}
        positions: {kind: learned, offset: 2}
        encoder:
          layers: 1
          attention: {heads: 2}
          feed_forward: {width: 64}
        decoder:
          layers: 2
          attention: {heads: 4}
          feed_forward: {width: 128}
        embedding: {norm: true}
        unembedding: {bias: true}
        generation: {start: 2}
        weights: {layout: bart}
        tokenizer: {kind: none, end: [2]}
        """);

    [Fact]
    public void MarianOfTwoVocabulariesHasTwoTables()
    {
        string config = FolderOnDisk.Changed(Bart, ("model_type", "\"marian\""), ("architectures", "[\"MarianMTModel\"]"), ("share_encoder_decoder_embeddings", "false"),
            ("decoder_vocab_size", "90"), ("tie_word_embeddings", "true"), ("pad_token_id", "89"), ("decoder_start_token_id", "89"));
        using var folder = new FolderOnDisk(config);
        ModelSpec spec = Spec(folder);
        Assert.Equal((100, 90, false, 89), (spec.SourceVocabulary, spec.Vocabulary, spec.Embedding.Shared, spec.Generation.Start));
    }

    [Theory]
    [InlineData("{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}", null, PoolingKind.First, true)]
    [InlineData("{\"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": true}", "Transformer Pooling", PoolingKind.Mean, false)]
    [InlineData("{\"pooling_mode\": \"cls\"}", "Transformer Pooling Normalize", PoolingKind.First, true)]
    public void PoolingIsThatOfSentenceTransformers(string pooling, string? modules, PoolingKind kind, bool normalize)
    {
        using var folder = new FolderOnDisk(Bert).With("1_Pooling/config.json", pooling);
        if (modules is not null)
            folder.With("modules.json", Modules(modules));
        Assert.Equal(new PoolingSpec(kind, normalize), Spec(folder).Pooling);
    }

    [Fact]
    public void OtherPoolingAndFurtherModulesAreRefused()
    {
        ImportAssert.Refuses(new FolderOnDisk(Bert).With("1_Pooling/config.json", "{\"pooling_mode_max_tokens\": true}"), "pooling_mode", "max_tokens", "the mean of all tokens");
        ImportAssert.Refuses(new FolderOnDisk(Bert).With("modules.json", Modules("Transformer Pooling Dense")), "type", "a module Dense");
        ImportAssert.Refuses(new FolderOnDisk(Bert).With("modules.json", "{}"), null, "an object", "a list of modules");
    }

    private static string Modules(string types) =>
        $"[{string.Join(", ", types.Split(' ').Select((type, index) => $"{{\"idx\": {index}, \"type\": \"sentence_transformers.models.{type}\"}}"))}]";

    private static ModelSpec Spec(FolderOnDisk folder) => HuggingFaceFolder.Import(folder.Path).Spec;
}
