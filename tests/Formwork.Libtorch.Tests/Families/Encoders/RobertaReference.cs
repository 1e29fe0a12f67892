using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Encoders;

/// <summary>
/// RoBERTa and XLM-RoBERTa: BERT's layers; positions are counted from the padding's id + 1, one token type, a masked-language-model head of its
/// own, and a classifier that has its own first layer instead of a pooler.
/// Source: Liu et al., "RoBERTa" (2019), section 3; Conneau et al., "Unsupervised cross-lingual representation learning at scale" (2020),
/// section 3; fairseq, make_positions in utils.py and RobertaLMHead, RobertaClassificationHead in model.py of models/roberta.
/// </summary>
public sealed class RobertaReference(string name, JsonObject config) : EncoderReference(name, config)
{
    /// <inheritdoc/>
    public override bool HasMaskedLanguageModel => !HasLabels;

    /// <inheritdoc/>
    public override bool HasLabels => Config.Texts("architectures")![0].EndsWith("ForSequenceClassification", StringComparison.Ordinal);

    private int Width => Config.Integer("hidden_size");

    private double Epsilon => Config.Number("layer_norm_eps");

    /// <summary>RoBERTa's masked language model.</summary>
    public static RobertaReference Roberta() => new("roberta", TinyConfig("roberta", "RobertaForMaskedLM"));

    /// <summary>A classifier of two labels.</summary>
    public static RobertaReference Classifier()
    {
        JsonObject config = TinyConfig("roberta", "RobertaForSequenceClassification");
        config["id2label"] = new JsonObject { ["0"] = "negative", ["1"] = "positive" };
        config["label2id"] = new JsonObject { ["negative"] = 0, ["positive"] = 1 };
        return new RobertaReference("roberta_classifier", config);
    }

    /// <summary>XLM-RoBERTa's masked language model.</summary>
    public static RobertaReference XlmRoberta() => new("xlm_roberta", TinyConfig("xlm-roberta", "XLMRobertaForMaskedLM"));

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        .. BertParts.EmbeddingTensors(
            "roberta.embeddings.", Width, Config.Integer("vocab_size"), Config.Integer("max_position_embeddings"), Config.Integer("type_vocab_size")),
        .. Enumerable.Range(0, Config.Integer("num_hidden_layers")).SelectMany(layer =>
            BertParts.LayerTensors($"roberta.encoder.layer.{layer}.", Width, Config.Integer("intermediate_size"))),
        .. HasLabels ? ClassifierTensors() : HeadTensors(),
    ];

    /// <inheritdoc/>
    public override Tensor HiddenStates(TinyWeights weights, Tensor input, Tensor mask, Tensor types)
    {
        TinyWeights body = weights.Below("roberta.");
        Tensor visible = Masks.Tokens(mask);
        Tensor positions = Masks.Positions(mask) + Config.Integer("pad_token_id") + 1;
        Tensor x = BertParts.Embed(body.Below("embeddings."), input, positions, zeros_like(input), Epsilon);
        for (int layer = 0; layer < Config.Integer("num_hidden_layers"); layer++)
        {
            x = BertParts.Layer(
                x, body.Below($"encoder.layer.{layer}."), Config.Integer("num_attention_heads"), Config.Text("hidden_act", "gelu"), Epsilon, visible);
        }
        return x;
    }

    /// <inheritdoc/>
    public override Tensor MaskedLanguageModelLogits(TinyWeights weights, Tensor states)
    {
        Tensor x = Norms.Layer(nn.functional.gelu(weights.Linear(states, "lm_head.dense")), weights, "lm_head.layer_norm", Epsilon);
        return nn.functional.linear(x, weights["roberta.embeddings.word_embeddings.weight"], weights["lm_head.bias"]);
    }

    /// <inheritdoc/>
    public override Tensor Labels(TinyWeights weights, Tensor states) =>
        weights.Linear(tanh(weights.Linear(states.select(1, 0), "classifier.dense")), "classifier.out_proj");

    private IEnumerable<TinyTensor> HeadTensors() =>
    [
        TinyTensor.Bias("lm_head.bias", Config.Integer("vocab_size")),
        .. TinyTensor.Linear("lm_head.dense", Width, Width, bias: true),
        .. TinyTensor.Norm("lm_head.layer_norm", Width, bias: true),
    ];

    private IEnumerable<TinyTensor> ClassifierTensors() =>
    [
        .. TinyTensor.Linear("classifier.dense", Width, Width, bias: true),
        .. TinyTensor.Linear("classifier.out_proj", 2, Width, bias: true),
    ];

    private static JsonObject TinyConfig(string type, string architecture) => new()
    {
        ["architectures"] = new JsonArray(architecture),
        ["attention_probs_dropout_prob"] = 0.1,
        ["bos_token_id"] = 0,
        ["eos_token_id"] = 2,
        ["hidden_act"] = "gelu",
        ["hidden_dropout_prob"] = 0.1,
        ["hidden_size"] = 40,
        ["initializer_range"] = 0.02,
        ["intermediate_size"] = 64,
        ["layer_norm_eps"] = 1e-5,
        ["max_position_embeddings"] = 50,
        ["model_type"] = type,
        ["num_attention_heads"] = 5,
        ["num_hidden_layers"] = 2,
        ["pad_token_id"] = 1,
        ["type_vocab_size"] = 1,
        ["vocab_size"] = 83,
    };
}
