using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// GPT-2. Source: Radford et al., "Language models are unsupervised multitask learners" (2019), section 2.3, and openai/gpt-2's model.py:
/// norms before each part and a last one, learned positions, tanh's gelu, weights stored <c>[inputs, outputs]</c>, the token table used again.
/// </summary>
public sealed class Gpt2Reference(JsonObject config) : DecoderReference("gpt2", config)
{
    private int Width => Config.Integer("n_embd");

    /// <summary>A tiny config.json.</summary>
    public static Gpt2Reference Tiny() => new(new JsonObject
    {
        ["activation_function"] = "gelu_new",
        ["architectures"] = new JsonArray("GPT2LMHeadModel"),
        ["bos_token_id"] = 95,
        ["eos_token_id"] = 95,
        ["layer_norm_epsilon"] = 1e-5,
        ["model_type"] = "gpt2",
        ["n_ctx"] = 80,
        ["n_embd"] = 48,
        ["n_head"] = 4,
        ["n_inner"] = null,
        ["n_layer"] = 3,
        ["n_positions"] = 80,
        ["scale_attn_by_inverse_layer_idx"] = false,
        ["scale_attn_weights"] = true,
        ["torch_dtype"] = "float32",
        ["vocab_size"] = 96,
    });

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table("wte.weight", Config.Integer("vocab_size"), Width),
        TinyTensor.Table("wpe.weight", Config.Integer("n_positions"), Width),
        .. Enumerable.Range(0, Config.Integer("n_layer")).SelectMany(layer => LayerTensors($"h.{layer}.")),
        .. TinyTensor.Norm("ln_f", Width, bias: true),
    ];

    /// <inheritdoc/>
    public override Tensor Logits(TinyWeights weights, Tensor tokens, Tensor mask)
    {
        // Checkpoints saved from the bare model have no prefix, those saved with the head have one.
        TinyWeights body = weights.Has("wte.weight") ? weights : weights.Below("transformer.");
        Tensor visible = Masks.Causal(mask);
        Tensor x = body.Rows(tokens, "wte") + body.Rows(Masks.Positions(mask), "wpe");
        for (int layer = 0; layer < Config.Integer("n_layer"); layer++)
        {
            TinyWeights block = body.Below($"h.{layer}.");
            x = x + Attention(Normed(x, block, "ln_1"), block.Below("attn."), visible);
            Tensor hidden = Projected(Normed(x, block, "ln_2"), block, "mlp.c_fc");
            x = x + Projected(Activations.Apply(Config.Text("activation_function", "gelu_new"), hidden), block, "mlp.c_proj");
        }
        return nn.functional.linear(Normed(x, body, "ln_f"), body["wte.weight"]);
    }

    private IEnumerable<TinyTensor> LayerTensors(string path)
    {
        int hidden = Config.Integer("n_inner", 4 * Width);
        return
        [
            .. TinyTensor.Norm($"{path}ln_1", Width, bias: true),
            // The causal mask, which the published files hold as a tensor.
            TinyTensor.Unread($"{path}attn.bias", 1, 1, Config.Integer("n_positions"), Config.Integer("n_positions")),
            TinyTensor.Transposed($"{path}attn.c_attn.weight", Width, 3 * Width),
            TinyTensor.Bias($"{path}attn.c_attn.bias", 3 * Width),
            TinyTensor.Transposed($"{path}attn.c_proj.weight", Width, Width),
            TinyTensor.Bias($"{path}attn.c_proj.bias", Width),
            .. TinyTensor.Norm($"{path}ln_2", Width, bias: true),
            TinyTensor.Transposed($"{path}mlp.c_fc.weight", Width, hidden),
            TinyTensor.Bias($"{path}mlp.c_fc.bias", hidden),
            TinyTensor.Transposed($"{path}mlp.c_proj.weight", hidden, Width),
            TinyTensor.Bias($"{path}mlp.c_proj.bias", Width),
        ];
    }

    private Tensor Attention(Tensor x, TinyWeights weights, Tensor visible)
    {
        int heads = Config.Integer("n_head");
        Tensor[] parts = Projected(x, weights, "c_attn").chunk(3, -1);
        Tensor attended = new ScaledAttention().Attend(
            ByHead.Split(parts[0], heads), ByHead.Split(parts[1], heads), ByHead.Split(parts[2], heads), visible);
        return Projected(attended, weights, "c_proj");
    }

    private Tensor Normed(Tensor x, TinyWeights weights, string path) => Norms.Layer(x, weights, path, Config.Number("layer_norm_epsilon"));

    private static Tensor Projected(Tensor x, TinyWeights weights, string path) => x.matmul(weights[$"{path}.weight"]) + weights[$"{path}.bias"];
}
