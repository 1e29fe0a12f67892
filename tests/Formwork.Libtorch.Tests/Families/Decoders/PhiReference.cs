using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Phi-1, 1.5 and 2. Source: Li et al., "Textbooks are all you need II" (2023), section 2.1, and the model cards: one layer norm a block, attention and
/// feed-forward side by side on its output (as GPT-J), a part of each head turned, tanh's gelu, biases everywhere, the output's too.
/// </summary>
public sealed class PhiReference(JsonObject config) : LlamaReference("phi", config)
{
    /// <summary>As Phi-2: two fifths of a head turned.</summary>
    public static PhiReference Tiny() => new(TinyConfig.Decoder("PhiForCausalLM", "phi",
        ("embd_pdrop", 0.0), ("hidden_act", "gelu_new"), ("hidden_size", 60), ("layer_norm_eps", 1e-5), ("num_attention_heads", 3),
        ("num_key_value_heads", null), ("partial_rotary_factor", 0.4), ("qk_layernorm", false), ("resid_pdrop", 0.1)).Without("rms_norm_eps"));

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table("model.embed_tokens.weight", Vocabulary, Width),
        .. Enumerable.Range(0, Layers).SelectMany(layer => LayerTensors($"model.layers.{layer}.", layer)),
        .. TinyTensor.Norm("model.final_layernorm", Width, bias: true),
        .. TinyTensor.Linear("lm_head", Vocabulary, Width, bias: true),
    ];

    /// <inheritdoc/>
    public override Tensor Logits(TinyWeights weights, Tensor tokens, Tensor mask)
    {
        Tensor x = Embedded(weights, tokens);
        for (int layer = 0; layer < Layers; layer++)
            x = Block(x, weights.Below($"model.layers.{layer}."), layer, mask);
        return weights.Linear(Norms.Layer(x, weights, "model.final_layernorm", Config.Number("layer_norm_eps")), "lm_head");
    }

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> LayerTensors(string path, int layer) =>
    [
        .. TinyTensor.Norm($"{path}input_layernorm", Width, bias: true),
        .. new[] { "q_proj", "k_proj", "v_proj", "dense" }.SelectMany(part => TinyTensor.Linear($"{path}self_attn.{part}", Width, Width, bias: true)),
        .. TinyTensor.Linear($"{path}mlp.fc1", Config.Integer("intermediate_size"), Width, bias: true),
        .. TinyTensor.Linear($"{path}mlp.fc2", Width, Config.Integer("intermediate_size"), bias: true),
    ];

    /// <inheritdoc/>
    protected override Tensor Block(Tensor x, TinyWeights weights, int layer, Tensor mask)
    {
        Tensor normed = Norms.Layer(x, weights, "input_layernorm", Config.Number("layer_norm_eps"));
        Tensor fed = FeedForwards.Plain(normed, weights.Below("mlp."), Config.Text("hidden_act", "gelu_new"), "fc1", "fc2");
        return x + Attention(normed, weights.Below("self_attn."), layer, mask) + fed;
    }

    /// <inheritdoc/>
    protected override Tensor Attention(Tensor x, TinyWeights weights, int layer, Tensor mask)
    {
        Rotary rotary = RotaryScaling.Plain(Config.Number("rope_theta"), (int)(HeadWidth * Config.Number("partial_rotary_factor")));
        Tensor positions = Masks.Positions(mask);
        Tensor attended = new ScaledAttention().Attend(
            rotary.TurnHalves(ByHead.Split(weights.Linear(x, "q_proj"), HeadCount), positions),
            rotary.TurnHalves(ByHead.Split(weights.Linear(x, "k_proj"), HeadCount), positions),
            ByHead.Split(weights.Linear(x, "v_proj"), HeadCount),
            Masks.Causal(mask));
        return weights.Linear(attended, "dense");
    }
}
