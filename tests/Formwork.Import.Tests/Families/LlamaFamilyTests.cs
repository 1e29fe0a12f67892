using Formwork.TestSupport;
using Xunit;

namespace Formwork.Import.Tests.Families;

public sealed class LlamaFamilyTests
{
    public const string Llama = """
        {
          "architectures": ["LlamaForCausalLM"], "model_type": "llama", "attention_bias": false, "attention_dropout": 0.0,
          "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 64, "initializer_range": 0.02, "intermediate_size": 172,
          "max_position_embeddings": 512, "mlp_bias": false, "num_attention_heads": 8, "num_hidden_layers": 5, "num_key_value_heads": 4,
          "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": null, "rope_theta": 10000.0, "tie_word_embeddings": false,
          "torch_dtype": "bfloat16", "transformers_version": "4.45.0", "use_cache": true, "vocab_size": 512
        }
        """;

    [Fact]
    public void LlamaIsASpec() => ImportAssert.Means(Llama, """
        architecture: decoder-only
        vocabulary: 512
        context: 512
        width: 64
        layers: 5
        attention: {heads: 8, key_value_heads: 4}
        feed_forward: {width: 172, activation: silu, gated: true}
        norm: {kind: rms, epsilon: 1e-5}
        positions: {kind: rotary}
        embedding: {tied: false}
        weights: {layout: llama}
        tokenizer: {kind: none, end: [2]}
        """);

    [Fact]
    public void TextReadsAsIfWrittenByHand()
    {
        using var folder = new FolderOnDisk(FolderOnDisk.Changed(Llama, ("rope_theta", "500000.0")));
        Assert.Equal("""
            # llama, imported from config.json.
            model: Mine
            architecture: decoder-only
            vocabulary: 512
            context: 512
            width: 64
            layers: 5
            attention: {heads: 8, key_value_heads: 4}
            feed_forward: {width: 172, activation: silu, gated: true}
            norm: {kind: rms, epsilon: 1e-5}
            positions: {kind: rotary, base: 500000}
            embedding: {tied: false}
            weights: {layout: llama}
            tokenizer: {kind: none, end: [2]}

            """, HuggingFaceFolder.Import(folder.Path, "Mine").Text.Text);
    }

    [Fact]
    public void BiasesHeadWidthAndTiesAreRead()
    {
        string config = FolderOnDisk.Changed(Llama, ("attention_bias", "true"), ("mlp_bias", "true"), ("head_dim", "16"), ("tie_word_embeddings", "true"));
        ImportAssert.Means(config, """
            architecture: decoder-only
            vocabulary: 512
            context: 512
            width: 64
            layers: 5
            attention: {heads: 8, key_value_heads: 4, head_width: 16, bias: true}
            feed_forward: {width: 172, activation: silu, gated: true, bias: true}
            norm: {kind: rms, epsilon: 1e-5}
            positions: {kind: rotary}
            embedding: {tied: true}
            weights: {layout: llama}
            tokenizer: {kind: none, end: [2]}
            """);
    }

    [DataFact("stories260K-hf", "capp-gpt2")]
    public void RealFoldersAreTheModelsOfTheRepository()
    {
        Assert.Equal(5, HuggingFaceFolder.Import(TestData.Path("stories260K-hf")).Spec.Decoder!.Layers.Count);
        Assert.Equal("CappGpt2", HuggingFaceFolder.Import(TestData.Path("capp-gpt2")).Spec.Name);
    }
}
