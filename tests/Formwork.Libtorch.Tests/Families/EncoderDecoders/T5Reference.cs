using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.EncoderDecoders;

/// <summary>
/// T5 and Flan-T5: a norm without mean and bias before each part and at each stack's end, relative positions as numbers added to the scores of
/// every layer from the first layer's table, none in cross-attention, scores not scaled, no biases.
/// Source: Raffel et al., "Exploring the limits of transfer learning with a unified text-to-text transformer" (2020), section 2.1; the scaling
/// of logits by width^−½ where the token table is used again is mesh_tensorflow's; gated gelu and a table of its own for the output are those of
/// "T5 v1.1" (google-research/text-to-text-transfer-transformer, released_checkpoints.md), which Flan-T5 was trained from.
/// </summary>
public sealed class T5Reference(string name, JsonObject config) : EncoderDecoderReference(name, config)
{
    private int Width => Config.Integer("d_model");

    private int Heads => Config.Integer("num_heads");

    private bool Gated => Config.Text("feed_forward_proj", "relu").StartsWith("gated-", StringComparison.Ordinal);

    private bool Tied => Config.Flag("tie_word_embeddings", true);

    private double Epsilon => Config.Number("layer_norm_epsilon");

    /// <summary>T5 as first published, with the table that its cross-attention has and does not use.</summary>
    public static T5Reference Original() => new("t5", TinyConfig());

    /// <summary>Flan-T5; here with fewer layers in the decoder than in the encoder.</summary>
    public static T5Reference Flan()
    {
        JsonObject config = TinyConfig();
        config["feed_forward_proj"] = "gated-gelu";
        config["num_decoder_layers"] = 2;
        config["tie_word_embeddings"] = false;
        return new T5Reference("flan_t5", config);
    }

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table("shared.weight", Config.Integer("vocab_size"), Width),
        .. Enumerable.Range(0, Config.Integer("num_layers")).SelectMany(layer => LayerTensors($"encoder.block.{layer}.", layer, decoder: false)),
        .. TinyTensor.Norm("encoder.final_layer_norm", Width),
        .. Enumerable.Range(0, DecoderLayers).SelectMany(layer => LayerTensors($"decoder.block.{layer}.", layer, decoder: true)),
        .. TinyTensor.Norm("decoder.final_layer_norm", Width),
        .. Tied
            ? [BiasTable("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight") with { IsUnread = true }]
            : TinyTensor.Linear("lm_head", Config.Integer("vocab_size"), Width),
    ];

    private int DecoderLayers => Config.Integer("num_decoder_layers", Config.Integer("num_layers"));

    /// <inheritdoc/>
    public override Tensor Encode(TinyWeights weights, Tensor source, Tensor sourceMask)
    {
        Tensor visible = Masks.Tokens(sourceMask);
        Tensor bias = RelativeBias(weights, "encoder", source.shape[1], bidirectional: true);
        Tensor x = weights.Rows(source, "shared");
        for (int number = 0; number < Config.Integer("num_layers"); number++)
        {
            TinyWeights block = weights.Below($"encoder.block.{number}.layer.");
            Tensor y = Normed(x, block, "0.layer_norm");
            x = x + Attention.Run(y, y, block.Below("0.SelfAttention."), visible, bias).Output;
            x = x + FeedForward(Normed(x, block, "1.layer_norm"), block.Below("1.DenseReluDense."));
        }
        return Normed(x, weights, "encoder.final_layer_norm");
    }

    /// <inheritdoc/>
    public override DecoderPass Decode(TinyWeights weights, Tensor memory, Tensor sourceMask, Tensor target)
    {
        Tensor sourceVisible = Masks.Tokens(sourceMask), visible = Masks.Causal(ones_like(target));
        Tensor bias = RelativeBias(weights, "decoder", target.shape[1], bidirectional: false);
        var patterns = new List<Tensor>();
        Tensor x = weights.Rows(target, "shared");
        for (int number = 0; number < DecoderLayers; number++)
        {
            TinyWeights block = weights.Below($"decoder.block.{number}.layer.");
            Tensor y = Normed(x, block, "0.layer_norm");
            x = x + Attention.Run(y, y, block.Below("0.SelfAttention."), visible, bias).Output;
            (Tensor output, Tensor pattern) = Attention.Run(Normed(x, block, "1.layer_norm"), memory, block.Below("1.EncDecAttention."), sourceVisible);
            patterns.Add(pattern);
            x = x + output;
            x = x + FeedForward(Normed(x, block, "2.layer_norm"), block.Below("2.DenseReluDense."));
        }
        x = Normed(x, weights, "decoder.final_layer_norm");
        return new DecoderPass(Tied ? weights.Linear(x * Math.Pow(Width, -0.5), "shared") : weights.Linear(x, "lm_head"), patterns);
    }

    private SeparateAttention Attention => new(Heads, "q", "k", "v", "o") { Scale = 1 };

    private Tensor FeedForward(Tensor x, TinyWeights weights) => Gated
        ? FeedForwards.Gated(x, weights, "gelu_new", gate: "wi_0", up: "wi_1", down: "wo")
        : FeedForwards.Plain(x, weights, "relu", "wi", "wo");

    private Tensor Normed(Tensor x, TinyWeights weights, string path) => Norms.Rms(x, weights[$"{path}.weight"], Epsilon);

    private Tensor RelativeBias(TinyWeights weights, string stack, long length, bool bidirectional) => RelativeBuckets.Bias(
        weights[$"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"], (int)length, bidirectional,
        Config.Integer("relative_attention_max_distance", 128));

    private IEnumerable<TinyTensor> LayerTensors(string path, int layer, bool decoder)
    {
        int last = decoder ? 2 : 1;
        return
        [
            .. AttentionTensors($"{path}layer.0.SelfAttention."),
            .. layer == 0 ? [BiasTable($"{path}layer.0.SelfAttention.relative_attention_bias.weight")] : Array.Empty<TinyTensor>(),
            .. TinyTensor.Norm($"{path}layer.0.layer_norm", Width),
            .. decoder ? AttentionTensors($"{path}layer.1.EncDecAttention.") : [],
            .. decoder ? TinyTensor.Norm($"{path}layer.1.layer_norm", Width) : [],
            .. FeedForwardTensors($"{path}layer.{last}.DenseReluDense."),
            .. TinyTensor.Norm($"{path}layer.{last}.layer_norm", Width),
        ];
    }

    private IEnumerable<TinyTensor> AttentionTensors(string path)
    {
        int inner = Heads * Config.Integer("d_kv");
        // Queries are small: training takes over what 1/√(head width) does elsewhere.
        return
        [
            TinyTensor.Matrix($"{path}q.weight", inner, Width) with { Deviation = Math.Pow(Width * Config.Integer("d_kv"), -0.5) },
            .. TinyTensor.Linear($"{path}k", inner, Width),
            .. TinyTensor.Linear($"{path}v", inner, Width),
            .. TinyTensor.Linear($"{path}o", Width, inner),
        ];
    }

    private IEnumerable<TinyTensor> FeedForwardTensors(string path)
    {
        int hidden = Config.Integer("d_ff");
        return
        [
            .. Gated ? TinyTensor.Linear($"{path}wi_0", hidden, Width) : TinyTensor.Linear($"{path}wi", hidden, Width),
            .. Gated ? TinyTensor.Linear($"{path}wi_1", hidden, Width) : [],
            .. TinyTensor.Linear($"{path}wo", Width, hidden),
        ];
    }

    private TinyTensor BiasTable(string name) => TinyTensor.Table(name, Config.Integer("relative_attention_num_buckets"), Heads);

    private static JsonObject TinyConfig() => new()
    {
        ["architectures"] = new JsonArray("T5ForConditionalGeneration"),
        ["d_ff"] = 56,
        ["d_kv"] = 10,
        ["d_model"] = 32,
        ["decoder_start_token_id"] = 0,
        ["dropout_rate"] = 0.1,
        ["eos_token_id"] = 1,
        ["feed_forward_proj"] = "relu",
        ["initializer_factor"] = 1.0,
        ["is_encoder_decoder"] = true,
        ["layer_norm_epsilon"] = 1e-6,
        ["model_type"] = "t5",
        ["n_positions"] = 64,
        ["num_decoder_layers"] = 3,
        ["num_heads"] = 3,
        ["num_layers"] = 3,
        ["pad_token_id"] = 0,
        // So few that short sequences come to the last one.
        ["relative_attention_max_distance"] = 20,
        ["relative_attention_num_buckets"] = 16,
        ["use_cache"] = true,
        ["vocab_size"] = 80,
    };
}
