using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Encoders;

/// <summary>
/// NomicBERT: BERT with rotary positions, gated silu and no biases; norms behind each part, which keep theirs.
/// Source: Nussbaum et al., "Nomic Embed: training a reproducible long context text embedder" (2024), section 3.1; nomic-ai/contrastors, whose
/// feed-forward multiplies fc11 by the activated fc12, rounds its width up to 256s, and whose prediction head takes over activation and biases.
/// </summary>
public sealed class NomicBertReference : EncoderReference
{
    /// <summary>A model with the config of a published one.</summary>
    public NomicBertReference(string name, JsonObject config, IReadOnlyDictionary<string, JsonNode>? files = null)
        : base(name, config) => OtherFiles = files ?? base.OtherFiles;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, JsonNode> OtherFiles { get; }

    /// <inheritdoc/>
    public override bool HasTypes => true;

    /// <inheritdoc/>
    public override bool HasMaskedLanguageModel => Config.Texts("architectures")![0] == "NomicBertForPreTraining";

    private int Width => Config.Integer("n_embd");

    private double Epsilon => Config.Number("layer_norm_epsilon");

    private string Prefix => HasMaskedLanguageModel ? "bert." : "";

    /// <summary>nomic-bert-2048, the masked language model.</summary>
    public static NomicBertReference MaskedLanguageModel() => new("nomic_bert", TinyConfig("NomicBertForPreTraining"));

    /// <summary>nomic-embed-text: the mean of all tokens, normalized.</summary>
    public static NomicBertReference Embedding() => new("nomic_embed", TinyConfig("NomicBertModel"), SentenceFiles.Of(32, "mean"));

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table($"{Prefix}embeddings.word_embeddings.weight", Config.Integer("vocab_size"), Width),
        TinyTensor.Table($"{Prefix}embeddings.token_type_embeddings.weight", Config.Integer("type_vocab_size"), Width),
        .. TinyTensor.Norm($"{Prefix}emb_ln", Width, bias: true),
        .. Enumerable.Range(0, Config.Integer("n_layer")).SelectMany(layer => LayerTensors($"{Prefix}encoder.layers.{layer}.")),
        .. HasMaskedLanguageModel ? HeadTensors() : [],
    ];

    /// <inheritdoc/>
    public override Tensor HiddenStates(TinyWeights weights, Tensor input, Tensor mask, Tensor types)
    {
        TinyWeights body = weights.Below(Prefix);
        Tensor visible = Masks.Tokens(mask), positions = Masks.Positions(mask);
        Tensor x = body.Rows(input, "embeddings.word_embeddings") + body.Rows(types, "embeddings.token_type_embeddings");
        x = Norms.Layer(x, body, "emb_ln", Epsilon);
        for (int number = 0; number < Config.Integer("n_layer"); number++)
        {
            TinyWeights layer = body.Below($"encoder.layers.{number}.");
            x = Norms.Layer(x + Attention(x, layer.Below("attn."), positions, visible), layer, "norm1", Epsilon);
            x = Norms.Layer(x + FeedForwards.Gated(x, layer.Below("mlp."), "silu", gate: "fc12", up: "fc11", down: "fc2"), layer, "norm2", Epsilon);
        }
        return x;
    }

    /// <inheritdoc/>
    public override Tensor MaskedLanguageModelLogits(TinyWeights weights, Tensor states)
    {
        TinyWeights head = weights.Below("cls.predictions.transform.");
        Tensor x = Norms.Layer(nn.functional.silu(head.Linear(states, "dense")), head, "layer_norm", Epsilon);
        return nn.functional.linear(x, weights["bert.embeddings.word_embeddings.weight"]);
    }

    private Tensor Attention(Tensor x, TinyWeights weights, Tensor positions, Tensor visible)
    {
        int heads = Config.Integer("n_head");
        Rotary rotary = RotaryScaling.Plain(Config.Number("rotary_emb_base"), (int)(Width / heads * Config.Number("rotary_emb_fraction")));
        Tensor[] parts = weights.Linear(x, "Wqkv").chunk(3, -1).Select(part => ByHead.Split(part, heads)).ToArray();
        Tensor query = rotary.TurnHalves(parts[0], positions), key = rotary.TurnHalves(parts[1], positions);
        return weights.Linear(new ScaledAttention().Attend(query, key, parts[2], visible), "out_proj");
    }

    private IEnumerable<TinyTensor> LayerTensors(string path)
    {
        int hidden = Config.Integer("n_inner");
        return
        [
            .. TinyTensor.Linear($"{path}attn.Wqkv", 3 * Width, Width),
            .. TinyTensor.Linear($"{path}attn.out_proj", Width, Width),
            .. TinyTensor.Linear($"{path}mlp.fc11", hidden, Width),
            .. TinyTensor.Linear($"{path}mlp.fc12", hidden, Width),
            .. TinyTensor.Linear($"{path}mlp.fc2", Width, hidden),
            .. TinyTensor.Norm($"{path}norm1", Width, bias: true),
            .. TinyTensor.Norm($"{path}norm2", Width, bias: true),
        ];
    }

    private IEnumerable<TinyTensor> HeadTensors() =>
    [
        .. TinyTensor.Linear("cls.predictions.transform.dense", Width, Width),
        .. TinyTensor.Norm("cls.predictions.transform.layer_norm", Width, bias: true),
    ];

    private static JsonObject TinyConfig(string architecture) => new()
    {
        ["activation_function"] = "swiglu",
        ["architectures"] = new JsonArray(architecture),
        ["attn_pdrop"] = 0.0,
        ["causal"] = false,
        ["dense_seq_output"] = true,
        ["embd_pdrop"] = 0.0,
        ["fused_bias_fc"] = true,
        ["fused_dropout_add_ln"] = true,
        ["layer_norm_epsilon"] = 1e-12,
        ["max_trained_positions"] = 48,
        ["mlp_fc1_bias"] = false,
        ["mlp_fc2_bias"] = false,
        ["model_type"] = "nomic_bert",
        ["n_embd"] = 32,
        ["n_head"] = 2,
        ["n_inner"] = 256,
        ["n_layer"] = 2,
        ["n_positions"] = 48,
        ["pad_vocab_size_multiple"] = 64,
        ["parallel_block"] = false,
        ["prenorm"] = false,
        ["qkv_proj_bias"] = false,
        ["resid_pdrop"] = 0.0,
        ["rotary_emb_base"] = 1000,
        ["rotary_emb_fraction"] = 1.0,
        ["rotary_emb_interleaved"] = false,
        ["rotary_emb_scale_base"] = null,
        ["rotary_scaling_factor"] = null,
        ["type_vocab_size"] = 2,
        ["use_flash_attn"] = true,
        ["use_rms_norm"] = false,
        ["vocab_size"] = 64,
    };
}
