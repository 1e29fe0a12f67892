using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.EncoderDecoders;

/// <summary>
/// BART and mBART: one token table for both stacks and the output, learned positions of which the first two rows are not used, a norm on the
/// embeddings, a bias on the logits. mBART has norms before the parts and a last one, and multiplies token vectors by √width.
/// Source: Lewis et al., "BART" (2020), section 2.1; Liu et al., "Multilingual denoising pre-training for neural machine translation" (2020),
/// section 2.2: "an additional layer-normalization layer on top of both the encoder and decoder"; fairseq, LearnedPositionalEmbedding, whose
/// rows are counted from the padding's id + 1.
/// </summary>
public sealed class BartReference(string name, JsonObject config) : FairseqReference(name, config)
{
    private const int UnusedPositions = 2;

    /// <inheritdoc/>
    protected override bool NormFirst => Config.Text("model_type", "") == "mbart";

    /// <inheritdoc/>
    public override JsonObject? GenerationConfig => Name == "bart"
        ? new JsonObject
        {
            ["bos_token_id"] = 0,
            ["decoder_start_token_id"] = 2,
            ["early_stopping"] = true,
            ["eos_token_id"] = 2,
            ["forced_bos_token_id"] = 0,
            ["forced_eos_token_id"] = 2,
            ["num_beams"] = 4,
            ["pad_token_id"] = 1,
        }
        : null;

    /// <summary>BART; its stacks are of different sizes.</summary>
    public static BartReference Bart() => new("bart", TinyConfig("bart", "BartForConditionalGeneration"));

    /// <summary>mBART-50.</summary>
    public static BartReference Mbart()
    {
        JsonObject config = TinyConfig("mbart", "MBartForConditionalGeneration");
        config["add_final_layer_norm"] = true;
        config["normalize_before"] = true;
        config["scale_embedding"] = true;
        return new BartReference("mbart", config);
    }

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Bias("final_logits_bias", 1, Config.Integer("vocab_size")),
        TokenTable("model.shared.weight"),
        .. EmbeddingTensors("encoder"),
        .. StackTensors("encoder"),
        .. EmbeddingTensors("decoder"),
        .. StackTensors("decoder"),
    ];

    /// <inheritdoc/>
    protected override Tensor EmbedSource(TinyWeights weights, Tensor source, Tensor sourceMask) =>
        Embed(weights, "model.encoder.", source, Masks.Positions(sourceMask));

    /// <inheritdoc/>
    protected override Tensor EmbedTarget(TinyWeights weights, Tensor target) => Embed(weights, "model.decoder.", target, TargetPositions(target));

    /// <inheritdoc/>
    protected override Tensor Project(TinyWeights weights, Tensor states) =>
        nn.functional.linear(states, weights["model.shared.weight"]) + weights["final_logits_bias"];

    private Tensor Embed(TinyWeights weights, string stack, Tensor tokens, Tensor positions) => FairseqLayers.Norm(
        weights.Rows(tokens, "model.shared") * EmbeddingScale + weights.Rows(positions + UnusedPositions, $"{stack}embed_positions"),
        weights, $"{stack}layernorm_embedding");

    private IEnumerable<TinyTensor> EmbeddingTensors(string stack) =>
    [
        TinyTensor.Table($"model.{stack}.embed_positions.weight", Config.Integer("max_position_embeddings") + UnusedPositions, Width),
        .. TinyTensor.Norm($"model.{stack}.layernorm_embedding", Width, bias: true),
    ];

    private static JsonObject TinyConfig(string type, string architecture) => new()
    {
        ["activation_dropout"] = 0.1,
        ["activation_function"] = "gelu",
        ["add_final_layer_norm"] = false,
        ["architectures"] = new JsonArray(architecture),
        ["attention_dropout"] = 0.1,
        ["bos_token_id"] = 0,
        ["d_model"] = 32,
        ["decoder_attention_heads"] = 2,
        ["decoder_ffn_dim"] = 48,
        ["decoder_layers"] = 2,
        ["decoder_start_token_id"] = 2,
        ["dropout"] = 0.1,
        ["encoder_attention_heads"] = 4,
        ["encoder_ffn_dim"] = 64,
        ["encoder_layers"] = 3,
        ["eos_token_id"] = 2,
        ["forced_eos_token_id"] = 2,
        ["init_std"] = 0.02,
        ["is_encoder_decoder"] = true,
        ["max_position_embeddings"] = 64,
        ["model_type"] = type,
        ["normalize_before"] = false,
        ["normalize_embedding"] = true,
        ["num_hidden_layers"] = 3,
        ["pad_token_id"] = 1,
        ["scale_embedding"] = false,
        ["use_cache"] = true,
        ["vocab_size"] = 77,
    };
}
