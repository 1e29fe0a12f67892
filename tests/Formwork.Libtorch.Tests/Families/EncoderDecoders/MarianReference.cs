using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.EncoderDecoders;

/// <summary>
/// Marian's translation models: the Transformer with norms behind the parts, sinusoidal positions with all sines first, token vectors times √width,
/// silu, and a bias on the logits; the padding's id starts the target.
/// Source: Junczys-Dowmunt et al., "Marian: fast neural machine translation in C++" (2018); Tiedemann, Thottingal, "OPUS-MT" (2020); the models'
/// own decoder.yml: transformer-preprocess "", transformer-postprocess "dan", tied-embeddings-all.
/// </summary>
public sealed class MarianReference(string name, JsonObject config) : FairseqReference(name, config)
{
    /// <inheritdoc/>
    protected override bool NormFirst => false;

    /// <inheritdoc/>
    public override int TargetVocabulary => Config.Integer("decoder_vocab_size");

    /// <summary>One vocabulary, as OPUS-MT's are; older files store the positions too.</summary>
    public static MarianReference Joint() => new("marian", TinyConfig());

    /// <summary>A vocabulary for each language, and relu.</summary>
    public static MarianReference TwoVocabularies()
    {
        JsonObject config = TinyConfig();
        config["activation_function"] = "relu";
        config["decoder_start_token_id"] = 58;
        config["decoder_vocab_size"] = 59;
        config["pad_token_id"] = 58;
        config["share_encoder_decoder_embeddings"] = false;
        return new MarianReference("marian_two", config);
    }

    private bool Shared => Config.Flag("share_encoder_decoder_embeddings", true);

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Bias("final_logits_bias", 1, TargetVocabulary),
        .. Shared
            ? [TokenTable("model.shared.weight"), Positions("encoder"), Positions("decoder")]
            : new[] { TokenTable("model.encoder.embed_tokens.weight"), TokenTable("model.decoder.embed_tokens.weight", "decoder_vocab_size") },
        .. StackTensors("encoder"),
        .. StackTensors("decoder"),
    ];

    /// <inheritdoc/>
    protected override Tensor EmbedSource(TinyWeights weights, Tensor source, Tensor sourceMask) =>
        Embed(weights, Shared ? "model.shared" : "model.encoder.embed_tokens", source, Masks.Positions(sourceMask));

    /// <inheritdoc/>
    protected override Tensor EmbedTarget(TinyWeights weights, Tensor target) => Embed(weights, TargetTable, target, TargetPositions(target));

    /// <inheritdoc/>
    protected override Tensor Project(TinyWeights weights, Tensor states) => weights.Linear(states, TargetTable) + weights["final_logits_bias"];

    private string TargetTable => Shared ? "model.shared" : "model.decoder.embed_tokens";

    private Tensor Embed(TinyWeights weights, string table, Tensor tokens, Tensor positions) =>
        weights.Rows(tokens, table) * EmbeddingScale + Sinusoids.Halves(positions, Width, weights.Type);

    private TinyTensor Positions(string stack) => FixedTable.Of(
        $"model.{stack}.embed_positions.weight", Sinusoids.Halves(arange(Config.Integer("max_position_embeddings"), int64), Width, ScalarType.Float32)) with { IsUnread = true };

    private static JsonObject TinyConfig() => new()
    {
        ["activation_dropout"] = 0.0,
        ["activation_function"] = "swish",
        ["add_bias_logits"] = false,
        ["add_final_layer_norm"] = false,
        ["architectures"] = new JsonArray("MarianMTModel"),
        ["attention_dropout"] = 0.0,
        ["bad_words_ids"] = new JsonArray(new JsonArray(73)),
        ["bos_token_id"] = 0,
        ["d_model"] = 32,
        ["decoder_attention_heads"] = 4,
        ["decoder_ffn_dim"] = 56,
        ["decoder_layers"] = 2,
        ["decoder_start_token_id"] = 73,
        ["decoder_vocab_size"] = 74,
        ["dropout"] = 0.1,
        ["encoder_attention_heads"] = 4,
        ["encoder_ffn_dim"] = 56,
        ["encoder_layers"] = 2,
        ["eos_token_id"] = 0,
        ["forced_eos_token_id"] = 0,
        ["init_std"] = 0.02,
        ["is_encoder_decoder"] = true,
        ["max_position_embeddings"] = 64,
        ["model_type"] = "marian",
        ["normalize_before"] = false,
        ["normalize_embedding"] = false,
        ["num_beams"] = 4,
        ["num_hidden_layers"] = 2,
        ["pad_token_id"] = 73,
        ["scale_embedding"] = true,
        ["share_encoder_decoder_embeddings"] = true,
        ["static_position_embeddings"] = true,
        ["use_cache"] = true,
        ["vocab_size"] = 74,
    };
}
