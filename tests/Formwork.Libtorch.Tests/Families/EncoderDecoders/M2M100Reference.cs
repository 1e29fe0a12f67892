using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.EncoderDecoders;

/// <summary>
/// M2M-100 and NLLB: norms before the parts and a last one, relu, token vectors times √width, sinusoidal positions with tensor2tensor's spacing,
/// the first of which is row 2; one token table for all.
/// Source: Fan et al., "Beyond English-centric multilingual machine translation" (2021), section 4; Costa-jussà et al., "No language left behind"
/// (2022), section 6; fairseq, SinusoidalPositionalEmbedding, whose positions are counted from the padding's id + 1.
/// </summary>
public sealed class M2M100Reference(string name, JsonObject config) : FairseqReference(name, config)
{
    /// <inheritdoc/>
    protected override bool NormFirst => true;

    /// <inheritdoc/>
    public override JsonObject? GenerationConfig => new()
    {
        ["bos_token_id"] = 0,
        ["decoder_start_token_id"] = 2,
        ["early_stopping"] = true,
        ["eos_token_id"] = 2,
        ["max_length"] = 40,
        ["num_beams"] = 5,
        ["pad_token_id"] = 1,
    };

    /// <summary>A tiny config.json, NLLB-200's.</summary>
    public static M2M100Reference Nllb() => new("nllb", new JsonObject
    {
        ["activation_dropout"] = 0.0,
        ["activation_function"] = "relu",
        ["architectures"] = new JsonArray("M2M100ForConditionalGeneration"),
        ["attention_dropout"] = 0.1,
        ["bos_token_id"] = 0,
        ["d_model"] = 32,
        ["decoder_attention_heads"] = 4,
        ["decoder_ffn_dim"] = 64,
        ["decoder_layerdrop"] = 0,
        ["decoder_layers"] = 3,
        ["decoder_start_token_id"] = 2,
        ["dropout"] = 0.1,
        ["encoder_attention_heads"] = 4,
        ["encoder_ffn_dim"] = 64,
        ["encoder_layerdrop"] = 0,
        ["encoder_layers"] = 2,
        ["eos_token_id"] = 2,
        ["init_std"] = 0.02,
        ["is_encoder_decoder"] = true,
        ["max_length"] = 40,
        ["max_position_embeddings"] = 64,
        ["model_type"] = "m2m_100",
        ["num_hidden_layers"] = 2,
        ["pad_token_id"] = 1,
        ["scale_embedding"] = true,
        ["use_cache"] = true,
        ["vocab_size"] = 91,
    });

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
        [TokenTable("model.shared.weight"), .. StackTensors("encoder"), .. StackTensors("decoder")];

    /// <inheritdoc/>
    protected override Tensor EmbedSource(TinyWeights weights, Tensor source, Tensor sourceMask) => Embed(weights, source, Masks.Positions(sourceMask));

    /// <inheritdoc/>
    protected override Tensor EmbedTarget(TinyWeights weights, Tensor target) => Embed(weights, target, TargetPositions(target));

    /// <inheritdoc/>
    protected override Tensor Project(TinyWeights weights, Tensor states) => weights.Linear(states, "model.shared");

    private Tensor Embed(TinyWeights weights, Tensor tokens, Tensor positions) =>
        weights.Rows(tokens, "model.shared") * EmbeddingScale
        + Sinusoids.ClosedHalves(positions + Config.Integer("pad_token_id") + 1, Width, weights.Type);
}
