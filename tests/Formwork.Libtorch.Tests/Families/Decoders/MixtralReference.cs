using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Mixtral. Source: Jiang et al., "Mixtral of experts" (2024), section 2: Mistral with eight gated experts in each layer, of which two are
/// chosen and weighted by the softmax of their two logits. In the files w1 is the gate, w3 up, w2 down.
/// </summary>
public sealed class MixtralReference(JsonObject config) : MistralReference("mixtral", config)
{
    private int Count => Config.Integer("num_local_experts");

    /// <summary>A tiny config.json.</summary>
    public static new MixtralReference Tiny() => new(TinyConfig.Decoder("MixtralForCausalLM", "mixtral",
        ("num_local_experts", 8), ("num_experts_per_tok", 2), ("output_router_logits", false), ("router_aux_loss_coef", 0.02),
        ("rope_theta", 1000000.0), ("sliding_window", null)));

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> FeedForwardTensors(string path, int layer)
    {
        int hidden = Config.Integer("intermediate_size");
        return
        [
            .. TinyTensor.Linear($"{path}block_sparse_moe.gate", Count, Width),
            .. Enumerable.Range(0, Count).Select(expert => $"{path}block_sparse_moe.experts.{expert}.").SelectMany(expert => new[]
            {
                TinyTensor.Matrix($"{expert}w1.weight", hidden, Width),
                TinyTensor.Matrix($"{expert}w2.weight", Width, hidden),
                TinyTensor.Matrix($"{expert}w3.weight", hidden, Width),
            }),
        ];
    }

    /// <inheritdoc/>
    protected override Tensor FeedForward(Tensor x, TinyWeights weights, int layer)
    {
        TinyWeights part = weights.Below("block_sparse_moe.");
        Tensor chosen = Experts.SoftmaxOfLargest(part.Linear(x, "gate"), Config.Integer("num_experts_per_tok"));
        return Experts.Mix(x, chosen, (expert, rows) => FeedForwards.Gated(rows, part.Below($"experts.{expert}."), "silu", "w1", "w3", "w2"));
    }
}
