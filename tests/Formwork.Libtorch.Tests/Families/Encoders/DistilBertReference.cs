using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Encoders;

/// <summary>
/// DistilBERT: "the same general architecture as BERT. The token-type embeddings and the pooler are removed".
/// Source: Sanh et al., "DistilBERT, a distilled version of BERT" (2019), section 3; its norms have an epsilon of 1e-12.
/// </summary>
public sealed class DistilBertReference(string name, JsonObject config) : EncoderReference(name, config)
{
    private const double Epsilon = 1e-12;

    /// <inheritdoc/>
    public override bool HasMaskedLanguageModel => !HasLabels;

    /// <inheritdoc/>
    public override bool HasLabels => Config.Texts("architectures")![0] == "DistilBertForSequenceClassification";

    private int Width => Config.Integer("dim");

    private string Activation => Config.Text("activation", "gelu");

    /// <summary>The masked language model.</summary>
    public static DistilBertReference MaskedLanguageModel() => new("distilbert", TinyConfig("DistilBertForMaskedLM"));

    /// <summary>A classifier of two labels, as the one for SST-2 is published.</summary>
    public static DistilBertReference Classifier()
    {
        JsonObject config = TinyConfig("DistilBertForSequenceClassification");
        config["id2label"] = new JsonObject { ["0"] = "NEGATIVE", ["1"] = "POSITIVE" };
        config["label2id"] = new JsonObject { ["NEGATIVE"] = 0, ["POSITIVE"] = 1 };
        return new DistilBertReference("distilbert_classifier", config);
    }

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table("distilbert.embeddings.word_embeddings.weight", Config.Integer("vocab_size"), Width),
        TinyTensor.Table("distilbert.embeddings.position_embeddings.weight", Config.Integer("max_position_embeddings"), Width),
        .. TinyTensor.Norm("distilbert.embeddings.LayerNorm", Width, bias: true),
        .. Enumerable.Range(0, Config.Integer("n_layers")).SelectMany(layer => LayerTensors($"distilbert.transformer.layer.{layer}.")),
        .. HasLabels ? ClassifierTensors() : HeadTensors(),
    ];

    /// <inheritdoc/>
    public override Tensor HiddenStates(TinyWeights weights, Tensor input, Tensor mask, Tensor types)
    {
        TinyWeights body = weights.Below("distilbert.");
        Tensor visible = Masks.Tokens(mask);
        Tensor x = body.Rows(input, "embeddings.word_embeddings") + body.Rows(Masks.Positions(mask), "embeddings.position_embeddings");
        x = Norms.Layer(x, body, "embeddings.LayerNorm", Epsilon);
        var attention = new SeparateAttention(Config.Integer("n_heads"), "q_lin", "k_lin", "v_lin", "out_lin");
        for (int number = 0; number < Config.Integer("n_layers"); number++)
        {
            TinyWeights layer = body.Below($"transformer.layer.{number}.");
            x = Norms.Layer(x + attention.Run(x, x, layer.Below("attention."), visible).Output, layer, "sa_layer_norm", Epsilon);
            x = Norms.Layer(x + FeedForwards.Plain(x, layer, Activation, "ffn.lin1", "ffn.lin2"), layer, "output_layer_norm", Epsilon);
        }
        return x;
    }

    /// <inheritdoc/>
    public override Tensor MaskedLanguageModelLogits(TinyWeights weights, Tensor states)
    {
        Tensor x = Activations.Apply(Activation, weights.Linear(states, "vocab_transform"));
        x = Norms.Layer(x, weights, "vocab_layer_norm", Epsilon);
        return nn.functional.linear(x, weights["distilbert.embeddings.word_embeddings.weight"], weights["vocab_projector.bias"]);
    }

    /// <inheritdoc/>
    public override Tensor Labels(TinyWeights weights, Tensor states) =>
        weights.Linear(nn.functional.relu(weights.Linear(states.select(1, 0), "pre_classifier")), "classifier");

    private IEnumerable<TinyTensor> LayerTensors(string path) =>
    [
        .. TinyTensor.Linear($"{path}attention.q_lin", Width, Width, bias: true),
        .. TinyTensor.Linear($"{path}attention.k_lin", Width, Width, bias: true),
        .. TinyTensor.Linear($"{path}attention.v_lin", Width, Width, bias: true),
        .. TinyTensor.Linear($"{path}attention.out_lin", Width, Width, bias: true),
        .. TinyTensor.Norm($"{path}sa_layer_norm", Width, bias: true),
        .. TinyTensor.Linear($"{path}ffn.lin1", Config.Integer("hidden_dim"), Width, bias: true),
        .. TinyTensor.Linear($"{path}ffn.lin2", Width, Config.Integer("hidden_dim"), bias: true),
        .. TinyTensor.Norm($"{path}output_layer_norm", Width, bias: true),
    ];

    private IEnumerable<TinyTensor> HeadTensors() =>
    [
        .. TinyTensor.Linear("vocab_transform", Width, Width, bias: true),
        .. TinyTensor.Norm("vocab_layer_norm", Width, bias: true),
        TinyTensor.Bias("vocab_projector.bias", Config.Integer("vocab_size")),
    ];

    private IEnumerable<TinyTensor> ClassifierTensors() =>
    [
        .. TinyTensor.Linear("pre_classifier", Width, Width, bias: true),
        .. TinyTensor.Linear("classifier", 2, Width, bias: true),
    ];

    private static JsonObject TinyConfig(string architecture) => new()
    {
        ["activation"] = "gelu",
        ["architectures"] = new JsonArray(architecture),
        ["attention_dropout"] = 0.1,
        ["dim"] = 24,
        ["dropout"] = 0.1,
        ["hidden_dim"] = 56,
        ["initializer_range"] = 0.02,
        ["max_position_embeddings"] = 48,
        ["model_type"] = "distilbert",
        ["n_heads"] = 2,
        ["n_layers"] = 2,
        ["pad_token_id"] = 0,
        ["qa_dropout"] = 0.1,
        ["seq_classif_dropout"] = 0.2,
        ["sinusoidal_pos_embds"] = false,
        ["tie_weights_"] = true,
        ["vocab_size"] = 70,
    };
}
