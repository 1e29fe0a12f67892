using Formwork.Runtime;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Import.Tests.Families;

/// <summary>Configurations that are broken, contradict themselves or the weights, or say what a spec cannot.</summary>
public sealed class BrokenFoldersTests
{
    /// <summary>A published configuration, a key and its new JSON (null: taken away); where the message points and what it says.</summary>
    public static TheoryData<string, string, string?, string?, string[]> Cases => new()
    {
        { "llama-3.2-1b", "model_type", "\"mamba2\"", "model_type", ["\"mamba2\"", "llama", "README.md"] },
        { "llama-3.2-1b", "model_type", "\"lama\"", "model_type", ["nearest is llama", "weights: {tensors: …}"] },
        { "llama-3.2-1b", "model_type", null, "model_type", ["no such key"] },
        { "llama-3.2-1b", "vocab_size", null, "vocab_size", ["no such key", "a whole number, at least 1"] },
        { "llama-3.2-1b", "vocab_size", "0", "vocab_size", ["found 0", "at least 1"] },
        { "llama-3.2-1b", "vocab_size", "128256.5", "vocab_size", ["found 128256.5"] },
        { "llama-3.2-1b", "hidden_size", "\"wide\"", "hidden_size", ["\"wide\""] },
        { "llama-3.2-1b", "num_hidden_layers", "-2", "num_hidden_layers", ["-2"] },
        { "llama-3.2-1b", "num_key_value_heads", "7", "num_key_value_heads", ["found 7", "a divisor of num_attention_heads, which is 32"] },
        { "llama-3.2-1b", "hidden_act", "\"glu\"", "hidden_act", ["\"glu\"", "silu"] },
        { "llama-3.2-1b", "tie_word_embeddings", "\"yes\"", "tie_word_embeddings", ["true or false"] },
        { "llama-3.2-1b", "rms_norm_eps", "-1e-5", null, ["makes no model", "epsilon"] },
        { "llama-3.2-1b", "quantization_config", "{\"quant_method\": \"gptq\", \"bits\": 4}", "quantization_config", ["gptq", "float32, float16 or bfloat16"] },
        { "llama-3.2-1b", "architectures", "[\"LlamaForSequenceClassification\"]", "architectures", ["LlamaForSequenceClassification", "ForCausalLM"] },
        { "llama-3.2-1b", "architectures", "\"LlamaForCausalLM\"", "architectures", ["a list of texts"] },
        { "llama-2-7b", "num_attention_heads", "33", "num_attention_heads", ["a divisor of hidden_size, which is 4096"] },
        { "gpt2", "n_head", "7", "n_head", ["a divisor of n_embd, which is 768"] },
        { "gpt2", "scale_attn_by_inverse_layer_idx", "true", "scale_attn_by_inverse_layer_idx", ["expected false"] },
        { "gpt-oss-20b", "layer_types", "[\"full_attention\"]", "layer_types", ["a list of 1", "each of the 24 layers"] },
        { "gpt-oss-20b", "quantization_config", "{\"quant_method\": \"mxfp4\"}", "quantization_config", ["mxfp4", "dequantise"] },
        { "gpt-oss-20b", "num_experts_per_tok", "33", "num_experts_per_tok", ["at most num_local_experts, which is 32"] },
        { "gemma-2-2b", "layer_types", $"[{string.Join(", ", Enumerable.Repeat("\"chunked_attention\"", 26))}]", "layer_types[0]", ["chunked_attention", "sliding_attention"] },
        { "gemma-3-1b", "use_bidirectional_attention", "true", "use_bidirectional_attention", ["false"] },
        { "smollm3-3b", "no_rope_layers", "[1, 1, 0]", "no_rope_layers", ["a list of 3", "each of the 36 layers"] },
        { "deepseek-v3", "topk_method", "\"best\"", "topk_method", ["\"best\"", "noaux_tc"] },
        { "deepseek-v3", "scoring_func", "\"tanh\"", "scoring_func", ["sigmoid"] },
        { "deepseek-v3", "attention_bias", "true", "attention_bias", ["false"] },
        { "granite-3.1-2b", "logits_scaling", "0", "logits_scaling", ["other than 0"] },
        { "bloom-560m", "apply_residual_connection_post_layernorm", "true", "apply_residual_connection_post_layernorm", ["false"] },
        { "roberta-base", "max_position_embeddings", "2", "max_position_embeddings", ["more than pad_token_id + 1"] },
        { "nomic-embed-text-v1.5", "activation_function", "\"relu\"", "activation_function", ["swiglu"] },
        { "nomic-embed-text-v1.5", "prenorm", "true", "prenorm", ["false"] },
        { "t5-small", "feed_forward_proj", "\"gated-relu6\"", "feed_forward_proj", ["gated-gelu"] },
        { "t5-small", "architectures", "[\"T5EncoderModel\"]", "architectures", ["T5EncoderModel"] },
        { "bart-base", "decoder_attention_heads", "5", "decoder_attention_heads", ["a divisor of d_model, which is 768"] },
        { "bart-base", "architectures", "[\"BartForSequenceClassification\"]", "architectures", ["ForConditionalGeneration"] },
        { "vit-base-patch16-224", "patch_size", "15", "patch_size", ["a divisor of image_size, which is 224"] },
    };

    [Theory, MemberData(nameof(Cases))]
    public void FaultIsToldByItsKey(string configuration, string key, string? value, string? place, string[] words) =>
        ImportAssert.Refuses(new FolderOnDisk(FolderOnDisk.Changed(Published(configuration), (key, value))), place, words);

    [Theory]
    [InlineData("{\"model_type\": ", "line 1", "broken JSON")]
    [InlineData("[1]", null, "a list of 1")]
    [InlineData("\"llama\"", null, "\"llama\"")]
    public void FileThatIsNoConfigurationIsRefused(string text, string? place, string found) => ImportAssert.Refuses(new FolderOnDisk(text), place, found);

    [Fact]
    public void FolderWithoutConfigurationIsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no config.json", Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Import(folder.Path)).Message);
        Assert.Contains("no such folder", Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Import(folder.File("nowhere"))).Message);
    }

    [Fact]
    public void UntiedModelNeedsItsUnembedding()
    {
        string config = Published("llama-2-7b");
        ImportAssert.Refuses(new FolderOnDisk(config).WithTensors("model.embed_tokens.weight"), "tie_word_embeddings", "false", "lm_head.weight");
        using var whole = new FolderOnDisk(config).WithTensors("model.embed_tokens.weight", "lm_head.weight");
        Assert.False(HuggingFaceFolder.Import(whole.Path).Spec.Unembedding!.Tied);
    }

    [Fact]
    public void BlocksOfFourBitsAreRefusedByTheirTensors()
    {
        var folder = new FolderOnDisk(Published("gpt-oss-20b")).WithTensors("lm_head.weight", "model.layers.0.mlp.experts.down_proj_blocks");
        ImportAssert.Refuses(folder, "model.layers.0.mlp.experts.down_proj_blocks", "MXFP4");
    }

    [Fact]
    public void LayersThatGuessAheadAreIgnored()
    {
        using var folder = new FolderOnDisk(Published("deepseek-v3")).WithTensors("lm_head.weight", "model.layers.61.eh_proj.weight");
        Assert.Contains("model.layers.61.*", HuggingFaceFolder.Import(folder.Path).Spec.Weights.Ignored);
    }

    [Fact]
    public void BrokenWeightsAreToldAsSuch()
    {
        using var folder = new FolderOnDisk(Published("gpt2")).With("model.safetensors", "not weights");
        var error = Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Import(folder.Path));
        Assert.EndsWith("model.safetensors", error.InputSource);
    }

    private static string Published(string name) =>
        File.ReadAllText(Path.Combine(TestData.Repository, "tests", "Formwork.Import.Tests", "Families", "Configurations", name + ".json"));
}
