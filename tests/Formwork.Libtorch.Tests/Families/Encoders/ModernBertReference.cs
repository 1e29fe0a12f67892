using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Encoders;

/// <summary>
/// ModernBERT: norms before each part but the first attention, no biases, gated gelu, rotary positions; every third layer sees all tokens with
/// one rotary base, the others half a window to each side with another.
/// Source: Warner et al., "Smarter, better, faster, longer: a modern bidirectional encoder" (2024), sections 2.1.1 and 2.1.2;
/// AnswerDotAI/ModernBERT, its "prediction head" and attention window.
/// </summary>
public sealed class ModernBertReference(string name, JsonObject config) : EncoderReference(name, config)
{
    /// <inheritdoc/>
    public override bool HasMaskedLanguageModel => !HasLabels;

    /// <inheritdoc/>
    public override bool HasLabels => Config.Texts("architectures")![0] == "ModernBertForSequenceClassification";

    private int Width => Config.Integer("hidden_size");

    private double Epsilon => Config.Number("norm_eps");

    private int HeadWidth => Width / Config.Integer("num_attention_heads");

    /// <summary>The masked language model.</summary>
    public static ModernBertReference MaskedLanguageModel() => new("modernbert", TinyConfig("ModernBertForMaskedLM"));

    /// <summary>A classifier of three labels that reads the first token.</summary>
    public static ModernBertReference Classifier()
    {
        JsonObject config = TinyConfig("ModernBertForSequenceClassification");
        config["id2label"] = new JsonObject { ["0"] = "a", ["1"] = "b", ["2"] = "c" };
        config["label2id"] = new JsonObject { ["a"] = 0, ["b"] = 1, ["c"] = 2 };
        return new ModernBertReference("modernbert_classifier", config);
    }

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table("model.embeddings.tok_embeddings.weight", Config.Integer("vocab_size"), Width),
        .. TinyTensor.Norm("model.embeddings.norm", Width),
        .. Enumerable.Range(0, Config.Integer("num_hidden_layers")).SelectMany(LayerTensors),
        .. TinyTensor.Norm("model.final_norm", Width),
        .. TinyTensor.Linear("head.dense", Width, Width),
        .. TinyTensor.Norm("head.norm", Width),
        .. HasLabels ? TinyTensor.Linear("classifier", 3, Width, bias: true) : [TinyTensor.Bias("decoder.bias", Config.Integer("vocab_size"))],
    ];

    /// <inheritdoc/>
    public override Tensor HiddenStates(TinyWeights weights, Tensor input, Tensor mask, Tensor types)
    {
        TinyWeights body = weights.Below("model.");
        Tensor all = Masks.Tokens(mask), near = all.logical_and(Near(mask.shape[1]));
        Tensor x = Norms.Layer(body.Rows(input, "embeddings.tok_embeddings"), body, "embeddings.norm", Epsilon);
        for (int number = 0; number < Config.Integer("num_hidden_layers"); number++)
        {
            TinyWeights layer = body.Below($"layers.{number}.");
            bool global = number % Config.Integer("global_attn_every_n_layers") == 0;
            Rotary rotary = RotaryScaling.Plain(Config.Number(global ? "global_rope_theta" : "local_rope_theta"), HeadWidth);
            Tensor y = number == 0 ? x : Norms.Layer(x, layer, "attn_norm", Epsilon);
            x = x + Attention(y, layer.Below("attn."), rotary, Masks.Positions(mask), global ? all : near);
            x = x + FeedForward(Norms.Layer(x, layer, "mlp_norm", Epsilon), layer.Below("mlp."));
        }
        return Norms.Layer(x, body, "final_norm", Epsilon);
    }

    /// <inheritdoc/>
    public override Tensor MaskedLanguageModelLogits(TinyWeights weights, Tensor states) =>
        nn.functional.linear(Head(weights, states), weights["model.embeddings.tok_embeddings.weight"], weights["decoder.bias"]);

    /// <inheritdoc/>
    public override Tensor Labels(TinyWeights weights, Tensor states) => weights.Linear(Head(weights, states.select(1, 0)), "classifier");

    private Tensor Head(TinyWeights weights, Tensor x)
    {
        x = Activations.Apply(Config.Text("classifier_activation", "gelu"), weights.Linear(x, "head.dense"));
        return Norms.Layer(x, weights, "head.norm", Epsilon);
    }

    /// <summary>True where two tokens are no more than half a window apart, <c>[length, length]</c>.</summary>
    private Tensor Near(long length)
    {
        Tensor places = arange(length, int64);
        return (places.unsqueeze(0) - places.unsqueeze(1)).abs().le(Config.Integer("local_attention") / 2);
    }

    private Tensor Attention(Tensor x, TinyWeights weights, Rotary rotary, Tensor positions, Tensor visible)
    {
        Tensor[] parts = weights.Linear(x, "Wqkv").chunk(3, -1).Select(part => ByHead.Split(part, Config.Integer("num_attention_heads"))).ToArray();
        Tensor query = rotary.TurnHalves(parts[0], positions), key = rotary.TurnHalves(parts[1], positions);
        return weights.Linear(new ScaledAttention().Attend(query, key, parts[2], visible), "Wo");
    }

    /// <summary>Of the fused projection the first half goes through the activation.</summary>
    private Tensor FeedForward(Tensor x, TinyWeights weights)
    {
        Tensor[] halves = weights.Linear(x, "Wi").chunk(2, -1);
        return weights.Linear(Activations.Apply(Config.Text("hidden_activation", "gelu"), halves[0]) * halves[1], "Wo");
    }

    private IEnumerable<TinyTensor> LayerTensors(int layer)
    {
        string path = $"model.layers.{layer}.";
        int hidden = Config.Integer("intermediate_size");
        return
        [
            .. layer == 0 ? [] : TinyTensor.Norm($"{path}attn_norm", Width),
            .. TinyTensor.Linear($"{path}attn.Wqkv", 3 * Width, Width),
            .. TinyTensor.Linear($"{path}attn.Wo", Width, Width),
            .. TinyTensor.Norm($"{path}mlp_norm", Width),
            .. TinyTensor.Linear($"{path}mlp.Wi", 2 * hidden, Width),
            .. TinyTensor.Linear($"{path}mlp.Wo", Width, hidden),
        ];
    }

    private static JsonObject TinyConfig(string architecture) => new()
    {
        ["architectures"] = new JsonArray(architecture),
        ["attention_bias"] = false,
        ["attention_dropout"] = 0.0,
        ["bos_token_id"] = 81,
        ["classifier_activation"] = "gelu",
        ["classifier_bias"] = false,
        ["classifier_dropout"] = 0.0,
        ["classifier_pooling"] = "cls",
        ["cls_token_id"] = 81,
        ["decoder_bias"] = true,
        ["deterministic_flash_attn"] = false,
        ["embedding_dropout"] = 0.0,
        ["eos_token_id"] = 82,
        ["global_attn_every_n_layers"] = 3,
        ["global_rope_theta"] = 160000.0,
        ["hidden_activation"] = "gelu",
        ["hidden_size"] = 32,
        ["initializer_cutoff_factor"] = 2.0,
        ["initializer_range"] = 0.02,
        ["intermediate_size"] = 56,
        ["layer_norm_eps"] = 1e-5,
        ["local_attention"] = 8,
        ["local_rope_theta"] = 10000.0,
        ["max_position_embeddings"] = 64,
        ["mlp_bias"] = false,
        ["mlp_dropout"] = 0.0,
        ["model_type"] = "modernbert",
        ["norm_bias"] = false,
        ["norm_eps"] = 1e-5,
        ["num_attention_heads"] = 2,
        ["num_hidden_layers"] = 5,
        ["pad_token_id"] = 83,
        ["position_embedding_type"] = "absolute",
        ["sep_token_id"] = 82,
        ["tie_word_embeddings"] = true,
        ["vocab_size"] = 88,
    };
}
