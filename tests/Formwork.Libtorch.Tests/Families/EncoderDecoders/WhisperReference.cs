using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.EncoderDecoders;

/// <summary>
/// Whisper without its front end: the encoder's input is what the two convolutions give, to which sinusoidal positions are added; norms before
/// the parts and a last one, key projections without bias, learned positions in the decoder, its token table again for the output.
/// Source: Radford et al., "Robust speech recognition via large-scale weak supervision" (2022), section 2.2; openai/whisper, model.py.
/// </summary>
public sealed class WhisperReference(string name, JsonObject config) : FairseqReference(name, config)
{
    /// <inheritdoc/>
    protected override bool NormFirst => true;

    /// <inheritdoc/>
    public override bool TakesVectors => true;

    /// <summary>A tiny config.json.</summary>
    public static WhisperReference Tiny() => new("whisper", new JsonObject
    {
        ["activation_dropout"] = 0.0,
        ["activation_function"] = "gelu",
        ["architectures"] = new JsonArray("WhisperForConditionalGeneration"),
        ["attention_dropout"] = 0.0,
        ["begin_suppress_tokens"] = new JsonArray(20, 60),
        ["bos_token_id"] = 60,
        ["d_model"] = 32,
        ["decoder_attention_heads"] = 4,
        ["decoder_ffn_dim"] = 64,
        ["decoder_layers"] = 2,
        ["decoder_start_token_id"] = 61,
        ["dropout"] = 0.0,
        ["encoder_attention_heads"] = 4,
        ["encoder_ffn_dim"] = 64,
        ["encoder_layers"] = 2,
        ["eos_token_id"] = 60,
        ["is_encoder_decoder"] = true,
        ["max_source_positions"] = 48,
        ["max_target_positions"] = 40,
        ["model_type"] = "whisper",
        ["num_hidden_layers"] = 2,
        ["num_mel_bins"] = 8,
        ["pad_token_id"] = 60,
        ["scale_embedding"] = false,
        ["use_cache"] = true,
        ["vocab_size"] = 66,
    });

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Unread("model.encoder.conv1.weight", Width, Config.Integer("num_mel_bins"), 3),
        TinyTensor.Unread("model.encoder.conv1.bias", Width),
        TinyTensor.Unread("model.encoder.conv2.weight", Width, Width, 3),
        TinyTensor.Unread("model.encoder.conv2.bias", Width),
        FixedTable.Of("model.encoder.embed_positions.weight",
            Sinusoids.ClosedHalves(arange(Config.Integer("max_source_positions"), int64), Width, ScalarType.Float32)) with { IsUnread = true },
        .. StackTensors("encoder", keyBias: false),
        TokenTable("model.decoder.embed_tokens.weight"),
        TinyTensor.Table("model.decoder.embed_positions.weight", Config.Integer("max_target_positions"), Width),
        .. StackTensors("decoder", keyBias: false),
    ];

    /// <inheritdoc/>
    protected override Tensor EmbedSource(TinyWeights weights, Tensor source, Tensor sourceMask) =>
        source + Sinusoids.ClosedHalves(Masks.Positions(sourceMask), Width, weights.Type);

    /// <inheritdoc/>
    protected override Tensor EmbedTarget(TinyWeights weights, Tensor target) =>
        weights.Rows(target, "model.decoder.embed_tokens") * EmbeddingScale + weights.Rows(TargetPositions(target), "model.decoder.embed_positions");

    /// <inheritdoc/>
    protected override Tensor Project(TinyWeights weights, Tensor states) => weights.Linear(states, "model.decoder.embed_tokens");
}
