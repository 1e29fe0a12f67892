using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Encoders;

/// <summary>
/// The Vision Transformer without its front end: its input is the class token's vector and the projected patches, to which positions are added;
/// norms before each part and a last one; a classifier on the class token.
/// Source: Dosovitskiy et al., "An image is worth 16×16 words" (2021), section 3.1, equations 1 to 4.
/// </summary>
public sealed class VitReference(string name, JsonObject config) : EncoderReference(name, config)
{
    /// <inheritdoc/>
    public override bool TakesVectors => true;

    /// <inheritdoc/>
    public override bool HasLabels => true;

    /// <inheritdoc/>
    public override EncoderInputs Inputs(int seed, params int[] lengths) => EncoderInputs.OfRows(Width, seed, lengths);

    /// <summary>Rows that an image has: its patches and the class token.</summary>
    public int Rows => (int)Math.Pow(Config.Integer("image_size") / Config.Integer("patch_size"), 2) + 1;

    private int Width => Config.Integer("hidden_size");

    private double Epsilon => Config.Number("layer_norm_eps");

    /// <summary>A tiny config.json.</summary>
    public static VitReference Tiny() => new("vit", new JsonObject
    {
        ["architectures"] = new JsonArray("ViTForImageClassification"),
        ["attention_probs_dropout_prob"] = 0.0,
        ["encoder_stride"] = 4,
        ["hidden_act"] = "gelu",
        ["hidden_dropout_prob"] = 0.0,
        ["hidden_size"] = 36,
        ["id2label"] = new JsonObject { ["0"] = "cat", ["1"] = "dog", ["2"] = "fish", ["3"] = "bird", ["4"] = "none" },
        ["image_size"] = 20,
        ["initializer_range"] = 0.02,
        ["intermediate_size"] = 60,
        ["layer_norm_eps"] = 1e-12,
        ["model_type"] = "vit",
        ["num_attention_heads"] = 3,
        ["num_channels"] = 3,
        ["num_hidden_layers"] = 2,
        ["patch_size"] = 4,
        ["qkv_bias"] = true,
    });

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Unread("vit.embeddings.cls_token", 1, 1, Width),
        new TinyTensor("vit.embeddings.position_embeddings", [1, Rows, Width], 0, 1),
        TinyTensor.Unread("vit.embeddings.patch_embeddings.projection.weight", Width, 3, 4, 4),
        TinyTensor.Unread("vit.embeddings.patch_embeddings.projection.bias", Width),
        .. Enumerable.Range(0, Config.Integer("num_hidden_layers")).SelectMany(layer => LayerTensors($"vit.encoder.layer.{layer}.")),
        .. TinyTensor.Norm("vit.layernorm", Width, bias: true),
        .. TinyTensor.Linear("classifier", Config["id2label"]!.AsObject().Count, Width, bias: true),
    ];

    /// <inheritdoc/>
    public override Tensor HiddenStates(TinyWeights weights, Tensor input, Tensor mask, Tensor types)
    {
        TinyWeights body = weights.Below("vit.");
        Tensor visible = Masks.Tokens(mask);
        Tensor x = input + body["embeddings.position_embeddings"].squeeze(0)[Masks.Positions(mask)];
        for (int number = 0; number < Config.Integer("num_hidden_layers"); number++)
        {
            TinyWeights layer = body.Below($"encoder.layer.{number}.");
            x = x + Attention(Norms.Layer(x, layer, "layernorm_before", Epsilon), layer.Below("attention."), visible);
            Tensor y = Norms.Layer(x, layer, "layernorm_after", Epsilon);
            x = x + FeedForwards.Plain(y, layer, Config.Text("hidden_act", "gelu"), "intermediate.dense", "output.dense");
        }
        return Norms.Layer(x, body, "layernorm", Epsilon);
    }

    /// <inheritdoc/>
    public override Tensor Labels(TinyWeights weights, Tensor states) => weights.Linear(states.select(1, 0), "classifier");

    private Tensor Attention(Tensor x, TinyWeights weights, Tensor visible) =>
        new SeparateAttention(Config.Integer("num_attention_heads"), "attention.query", "attention.key", "attention.value", "output.dense")
            .Run(x, x, weights, visible).Output;

    private IEnumerable<TinyTensor> LayerTensors(string path)
    {
        int hidden = Config.Integer("intermediate_size");
        bool bias = Config.Flag("qkv_bias", true);
        return
        [
            .. TinyTensor.Linear($"{path}attention.attention.query", Width, Width, bias),
            .. TinyTensor.Linear($"{path}attention.attention.key", Width, Width, bias),
            .. TinyTensor.Linear($"{path}attention.attention.value", Width, Width, bias),
            .. TinyTensor.Linear($"{path}attention.output.dense", Width, Width, bias: true),
            .. TinyTensor.Linear($"{path}intermediate.dense", hidden, Width, bias: true),
            .. TinyTensor.Linear($"{path}output.dense", Width, hidden, bias: true),
            .. TinyTensor.Norm($"{path}layernorm_before", Width, bias: true),
            .. TinyTensor.Norm($"{path}layernorm_after", Width, bias: true),
        ];
    }
}
