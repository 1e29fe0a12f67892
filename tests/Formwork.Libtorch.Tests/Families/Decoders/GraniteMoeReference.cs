using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Granite 3's mixtures of experts. Source: "Granite 3.0 language models" (2024), section 3: softmax over the chosen experts' logits; the experts'
/// matrices are stacked in one tensor, gate rows before up rows (ScatterMoE's layout).
/// </summary>
public sealed class GraniteMoeReference(JsonObject config) : GraniteReference("granitemoe", config)
{
    private int Count => Config.Integer("num_local_experts");

    private int Hidden => Config.Integer("intermediate_size");

    /// <summary>As the 1B-A400M.</summary>
    public static new GraniteMoeReference Tiny() => new(TinyConfig.Decoder("GraniteMoeForCausalLM", "granitemoe",
        [.. Multipliers, ("intermediate_size", 24), ("num_experts_per_tok", 3), ("num_local_experts", 8), ("output_router_logits", false),
            ("router_aux_loss_coef", 0.01)]));

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> FeedForwardTensors(string path, int layer) =>
    [
        TinyTensor.Stack($"{path}block_sparse_moe.input_linear.weight", Width, Count, 2 * Hidden, Width),
        TinyTensor.Stack($"{path}block_sparse_moe.output_linear.weight", Hidden, Count, Width, Hidden),
        .. TinyTensor.Linear($"{path}block_sparse_moe.router.layer", Count, Width),
    ];

    /// <inheritdoc/>
    protected override Tensor FeedForward(Tensor x, TinyWeights weights, int layer)
    {
        TinyWeights part = weights.Below("block_sparse_moe.");
        Tensor chosen = Experts.SoftmaxOfLargest(part.Linear(x, "router.layer"), Config.Integer("num_experts_per_tok"));
        return Experts.Mix(x, chosen, (expert, rows) =>
        {
            Tensor[] gateAndUp = nn.functional.linear(rows, part["input_linear.weight"][expert]).chunk(2, -1);
            return nn.functional.linear(nn.functional.silu(gateAndUp[0]) * gateAndUp[1], part["output_linear.weight"][expert]);
        });
    }
}
