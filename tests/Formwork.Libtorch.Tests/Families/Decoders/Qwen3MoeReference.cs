using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Qwen3's mixtures of experts. Source: "Qwen3 technical report" (2025), section 2: no shared expert, softmax over all experts, the chosen ones'
/// weights divided by their sum (<c>norm_topk_prob</c>). Layers in <c>mlp_only_layers</c> are dense.
/// </summary>
public sealed class Qwen3MoeReference(JsonObject config) : Qwen3Reference("qwen3_moe", config)
{
    private int Count => Config.Integer("num_experts");

    /// <summary>As the 30B-A3B, with one dense layer.</summary>
    public static new Qwen3MoeReference Tiny() => new(TinyConfig.Decoder("Qwen3MoeForCausalLM", "qwen3_moe",
        ("attention_bias", false), ("decoder_sparse_step", 1), ("head_dim", 16), ("max_window_layers", 3), ("mlp_only_layers", new JsonArray(1)),
        ("moe_intermediate_size", 24), ("norm_topk_prob", true), ("num_experts", 8), ("num_experts_per_tok", 3),
        ("output_router_logits", false), ("rms_norm_eps", 1e-6), ("rope_theta", 1000000.0), ("router_aux_loss_coef", 0.001),
        ("sliding_window", null), ("use_sliding_window", false)));

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> FeedForwardTensors(string path, int layer)
    {
        if (!IsSparse(layer))
            return base.FeedForwardTensors(path, layer);
        return
        [
            .. TinyTensor.Linear($"{path}mlp.gate", Count, Width),
            .. Enumerable.Range(0, Count).SelectMany(
                expert => GatedTensors($"{path}mlp.experts.{expert}.", Config.Integer("moe_intermediate_size"))),
        ];
    }

    /// <inheritdoc/>
    protected override Tensor FeedForward(Tensor x, TinyWeights weights, int layer)
    {
        if (!IsSparse(layer))
            return base.FeedForward(x, weights, layer);
        TinyWeights part = weights.Below("mlp.");
        Tensor chosen = Experts.LargestOfSoftmax(
            part.Linear(x, "gate"), Config.Integer("num_experts_per_tok"), Config.Flag("norm_topk_prob", false));
        return Experts.Mix(x, chosen, (expert, rows) => FeedForwards.Gated(rows, part.Below($"experts.{expert}."), "silu"));
    }

    private bool IsSparse(int layer) =>
        !Config.Numbers("mlp_only_layers")!.Contains(layer) && (layer + 1) % Config.Integer("decoder_sparse_step") == 0;
}
