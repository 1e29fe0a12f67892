using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// OLMo 2. Source: "2 OLMo 2 Furious" (2025), section 3.1: norms on each part's output instead of its input, and RMS norms over whole query and
/// key rows before they are divided into heads.
/// </summary>
public sealed class Olmo2Reference(JsonObject config) : LlamaReference("olmo2", config)
{
    /// <summary>As the 32B: grouped heads, so that query and key norms differ in width.</summary>
    public static Olmo2Reference Tiny() => new(TinyConfig.Decoder("Olmo2ForCausalLM", "olmo2",
        ("attention_bias", false), ("pad_token_id", 0), ("rms_norm_eps", 1e-6), ("rope_theta", 500000)));

    /// <inheritdoc/>
    protected override string[] LayerNorms => ["post_attention_layernorm", "post_feedforward_layernorm"];

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> AttentionTensors(string path) =>
    [
        .. base.AttentionTensors(path),
        TinyTensor.Gain($"{path}q_norm.weight", HeadCount * HeadWidth),
        TinyTensor.Gain($"{path}k_norm.weight", KeyValueHeads * HeadWidth),
    ];

    /// <inheritdoc/>
    protected override Tensor QueryNormed(Tensor rows, int heads, string gain, TinyWeights weights) =>
        ByHead.Split(Normed(rows, weights[gain]), heads);

    /// <inheritdoc/>
    protected override Tensor Block(Tensor x, TinyWeights weights, int layer, Tensor mask)
    {
        x = x + Normed(Attention(x, weights.Below("self_attn."), layer, mask), weights["post_attention_layernorm.weight"]);
        return x + Normed(FeedForward(x, weights, layer), weights["post_feedforward_layernorm.weight"]);
    }
}
