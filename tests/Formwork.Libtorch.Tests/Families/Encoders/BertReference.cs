using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Encoders;

/// <summary>
/// BERT, and with it MiniLM, E5 and BGE, which differ in size and in how sentence-transformers pools them.
/// Source: Devlin et al., "BERT: pre-training of deep bidirectional transformers for language understanding" (2019), sections 3 and 3.1 (pooler:
/// the first token's state; masked-language-model head: a linear, an activation, a norm, the token table again, a bias).
/// </summary>
public sealed class BertReference : EncoderReference
{
    private readonly string _head;
    private readonly bool _gamma;

    /// <summary>A model with the config of a published one.</summary>
    /// <param name="name">The variant.</param>
    /// <param name="config">The config.json; its first architecture says what else the checkpoint has.</param>
    /// <param name="gamma">Whether norms are called gamma and beta, as in the first published checkpoints.</param>
    /// <param name="files">Further JSON files of the folder.</param>
    public BertReference(string name, JsonObject config, bool gamma = false, IReadOnlyDictionary<string, JsonNode>? files = null)
        : base(name, config)
    {
        _head = config.Texts("architectures")![0];
        _gamma = gamma;
        OtherFiles = files ?? base.OtherFiles;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, JsonNode> OtherFiles { get; }

    /// <inheritdoc/>
    public override bool HasTypes => true;

    /// <inheritdoc/>
    public override bool HasPooler => Tensors.Any(entry => entry.Name.EndsWith("pooler.dense.weight", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool HasMaskedLanguageModel => _head is "BertForMaskedLM" or "BertForPreTraining";

    /// <inheritdoc/>
    public override bool HasLabels => _head == "BertForSequenceClassification";

    private int Width => Config.Integer("hidden_size");

    private double Epsilon => Config.Number("layer_norm_eps");

    private string Activation => Config.Text("hidden_act", "gelu");

    private string Prefix => _head == "BertModel" ? "" : "bert.";

    /// <summary>As google-bert/bert-base-uncased is published: both heads of the pre-training, and TensorFlow's names for the norms.</summary>
    public static BertReference Original() => new("bert_original", TinyConfig("BertForMaskedLM"), gamma: true);

    /// <summary>A masked language model as newer programs store it.</summary>
    public static BertReference MaskedLanguageModel() => new("bert", TinyConfig("BertForMaskedLM"));

    /// <summary>A classifier of three labels.</summary>
    public static BertReference Classifier()
    {
        JsonObject config = TinyConfig("BertForSequenceClassification");
        config["id2label"] = new JsonObject { ["0"] = "no", ["1"] = "maybe", ["2"] = "yes" };
        config["label2id"] = new JsonObject { ["no"] = 0, ["maybe"] = 1, ["yes"] = 2 };
        return new BertReference("bert_classifier", config);
    }

    /// <summary>all-MiniLM-L6-v2, and E5's first version: the mean of all tokens, normalized.</summary>
    public static BertReference MiniLm() => new("minilm", TinyConfig("BertModel"), files: SentenceFiles.Of(32, "mean"));

    /// <summary>BGE: the first token's state, normalized.</summary>
    public static BertReference Bge() => new("bge", TinyConfig("BertModel"), files: SentenceFiles.Of(32, "cls"));

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        .. BertParts.EmbeddingTensors($"{Prefix}embeddings.", Width, Config.Integer("vocab_size"), Config.Integer("max_position_embeddings"),
            Config.Integer("type_vocab_size"), _gamma),
        .. Enumerable.Range(0, Config.Integer("num_hidden_layers")).SelectMany(layer =>
            BertParts.LayerTensors($"{Prefix}encoder.layer.{layer}.", Width, Config.Integer("intermediate_size"), _gamma)),
        .. _head != "BertForMaskedLM" || _gamma ? TinyTensor.Linear($"{Prefix}pooler.dense", Width, Width, bias: true) : [],
        .. HasMaskedLanguageModel ? HeadTensors() : [],
        .. _gamma ? [TinyTensor.Unread("cls.seq_relationship.weight", 2, Width), TinyTensor.Unread("cls.seq_relationship.bias", 2)] : NoTensors,
        .. HasLabels ? TinyTensor.Linear("classifier", 3, Width, bias: true) : [],
    ];

    /// <inheritdoc/>
    public override Tensor HiddenStates(TinyWeights weights, Tensor input, Tensor mask, Tensor types)
    {
        TinyWeights body = weights.Below(Prefix);
        Tensor visible = Masks.Tokens(mask);
        Tensor x = BertParts.Embed(body.Below("embeddings."), input, Masks.Positions(mask), types, Epsilon);
        for (int layer = 0; layer < Config.Integer("num_hidden_layers"); layer++)
            x = BertParts.Layer(x, body.Below($"encoder.layer.{layer}."), Config.Integer("num_attention_heads"), Activation, Epsilon, visible);
        return x;
    }

    /// <inheritdoc/>
    public override Tensor Pooled(TinyWeights weights, Tensor states) => tanh(weights.Linear(states.select(1, 0), $"{Prefix}pooler.dense"));

    /// <inheritdoc/>
    public override Tensor Labels(TinyWeights weights, Tensor states) => weights.Linear(Pooled(weights, states), "classifier");

    /// <inheritdoc/>
    public override Tensor MaskedLanguageModelLogits(TinyWeights weights, Tensor states)
    {
        TinyWeights head = weights.Below("cls.predictions.");
        Tensor x = Activations.Apply(Activation, head.Linear(states, "transform.dense"));
        x = BertParts.Norm(x, head, "transform.LayerNorm", Epsilon);
        return nn.functional.linear(x, weights[$"{Prefix}embeddings.word_embeddings.weight"], head["bias"]);
    }

    private static TinyTensor[] NoTensors => [];

    private IEnumerable<TinyTensor> HeadTensors() =>
    [
        TinyTensor.Bias("cls.predictions.bias", Config.Integer("vocab_size")),
        .. TinyTensor.Linear("cls.predictions.transform.dense", Width, Width, bias: true),
        .. BertParts.NormTensors("cls.predictions.transform.LayerNorm", Width, _gamma),
    ];

    private static JsonObject TinyConfig(string architecture) => new()
    {
        ["architectures"] = new JsonArray(architecture),
        ["attention_probs_dropout_prob"] = 0.1,
        ["hidden_act"] = "gelu",
        ["hidden_dropout_prob"] = 0.1,
        ["hidden_size"] = 32,
        ["initializer_range"] = 0.02,
        ["intermediate_size"] = 72,
        ["layer_norm_eps"] = 1e-12,
        ["max_position_embeddings"] = 64,
        ["model_type"] = "bert",
        ["num_attention_heads"] = 4,
        ["num_hidden_layers"] = 3,
        ["pad_token_id"] = 0,
        ["position_embedding_type"] = "absolute",
        ["type_vocab_size"] = 2,
        ["use_cache"] = true,
        ["vocab_size"] = 90,
    };
}
