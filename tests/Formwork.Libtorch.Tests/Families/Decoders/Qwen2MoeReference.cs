using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Qwen1.5's and Qwen2's mixtures of experts. Source: "Qwen2 technical report" (2024), section 2.2.2, and the model card of Qwen1.5-MoE: experts weighted
/// by softmax over all of them, not divided by the chosen ones' sum, beside a shared expert behind a sigmoid gate of its own.
/// </summary>
public sealed class Qwen2MoeReference(JsonObject config) : Qwen2Reference("qwen2_moe", config)
{
    private int Count => Config.Integer("num_experts");

    /// <summary>As Qwen1.5-MoE-A2.7B.</summary>
    public static new Qwen2MoeReference Tiny() => new(TinyConfig.Decoder("Qwen2MoeForCausalLM", "qwen2_moe",
        ("decoder_sparse_step", 1), ("max_window_layers", 3), ("mlp_only_layers", new JsonArray()), ("moe_intermediate_size", 24),
        ("norm_topk_prob", false), ("num_experts", 6), ("num_experts_per_tok", 2), ("num_key_value_heads", 4), ("output_router_logits", false),
        ("rms_norm_eps", 1e-6), ("rope_theta", 1000000.0), ("router_aux_loss_coef", 0.001), ("shared_expert_intermediate_size", 56),
        ("sliding_window", 8), ("use_sliding_window", false)));

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> FeedForwardTensors(string path, int layer) =>
    [
        .. TinyTensor.Linear($"{path}mlp.gate", Count, Width),
        .. Enumerable.Range(0, Count).SelectMany(
            expert => GatedTensors($"{path}mlp.experts.{expert}.", Config.Integer("moe_intermediate_size"))),
        .. GatedTensors($"{path}mlp.shared_expert.", Config.Integer("shared_expert_intermediate_size")),
        .. TinyTensor.Linear($"{path}mlp.shared_expert_gate", 1, Width),
    ];

    /// <inheritdoc/>
    protected override Tensor FeedForward(Tensor x, TinyWeights weights, int layer)
    {
        TinyWeights part = weights.Below("mlp.");
        Tensor chosen = Experts.LargestOfSoftmax(
            part.Linear(x, "gate"), Config.Integer("num_experts_per_tok"), Config.Flag("norm_topk_prob", false));
        Tensor routed = Experts.Mix(x, chosen, (expert, rows) => FeedForwards.Gated(rows, part.Below($"experts.{expert}."), "silu"));
        return routed + sigmoid(part.Linear(x, "shared_expert_gate")) * FeedForwards.Gated(x, part.Below("shared_expert."), "silu");
    }
}
