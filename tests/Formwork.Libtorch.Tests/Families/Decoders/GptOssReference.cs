using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// GPT-OSS. Source: "gpt-oss-120b &amp; gpt-oss-20b model card" (2025), sections 2.1 and 2.2, and openai/gpt-oss's torch/model.py: a window in every other
/// layer from the first on, a sink logit a head, YaRN without rounded bounds, biases everywhere, experts with a clamped gate
/// min(g, 7)·σ(1.702·min(g, 7)) and (clamp(u, ±7) + 1) for up. Experts are stacked <c>[experts, inputs, outputs]</c>, gate and up taking turns.
/// </summary>
public sealed class GptOssReference(JsonObject config) : LlamaReference("gpt_oss", config)
{
    private const double Alpha = 1.702;

    private int Count => Config.Integer("num_local_experts");

    private int Hidden => Config.Integer("intermediate_size");

    /// <summary>The dequantised checkpoint's config.json.</summary>
    public static GptOssReference Tiny() => new(TinyConfig.Decoder("GptOssForCausalLM", "gpt_oss",
        ("attention_bias", true), ("experts_per_token", 3), ("head_dim", 16), ("initial_context_length", 32), ("intermediate_size", 40),
        ("layer_types", new JsonArray("sliding_attention", "full_attention", "sliding_attention", "full_attention")),
        ("num_experts_per_tok", 3), ("num_hidden_layers", 4), ("num_local_experts", 8), ("output_router_logits", false), ("pad_token_id", 0),
        ("rope_scaling", new JsonObject
        {
            ["beta_fast"] = 32.0,
            ["beta_slow"] = 1.0,
            ["factor"] = 4.0,
            ["original_max_position_embeddings"] = 32,
            ["rope_type"] = "yarn",
            ["truncate"] = false,
        }),
        ("rope_theta", 150000), ("router_aux_loss_coef", 0.9), ("sliding_window", 11), ("swiglu_limit", 7.0)));

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> AttentionTensors(string path) => [.. base.AttentionTensors(path), TinyTensor.Bias($"{path}sinks", HeadCount)];

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> FeedForwardTensors(string path, int layer) =>
    [
        .. TinyTensor.Linear($"{path}mlp.router", Count, Width, bias: true),
        // So large that some numbers meet the limit.
        TinyTensor.Stack($"{path}mlp.experts.gate_up_proj", Width, Count, Width, 2 * Hidden) with { Deviation = 4 / Math.Sqrt(Width) },
        TinyTensor.Bias($"{path}mlp.experts.gate_up_proj_bias", Count, 2 * Hidden),
        TinyTensor.Stack($"{path}mlp.experts.down_proj", Hidden, Count, Hidden, Width) with { Deviation = 0.25 / Math.Sqrt(Hidden) },
        TinyTensor.Bias($"{path}mlp.experts.down_proj_bias", Count, Width),
    ];

    /// <inheritdoc/>
    protected override ScaledAttention Scores(TinyWeights weights) => new() { Sinks = weights["sinks"] };

    /// <inheritdoc/>
    protected override int? Window(int layer) =>
        Config.Texts("layer_types")![layer] == "sliding_attention" ? Config.Integer("sliding_window") : null;

    /// <inheritdoc/>
    protected override Tensor FeedForward(Tensor x, TinyWeights weights, int layer)
    {
        TinyWeights part = weights.Below("mlp.");
        double limit = Config.Number("swiglu_limit");
        Tensor chosen = Experts.SoftmaxOfLargest(part.Linear(x, "router"), Config.Integer("num_experts_per_tok"));
        return Experts.Mix(x, chosen, (expert, rows) =>
        {
            Tensor both = rows.matmul(part["experts.gate_up_proj"][expert]) + part["experts.gate_up_proj_bias"][expert];
            Tensor gate = both.slice(-1, 0, 2 * Hidden, 2).clamp_max(limit), up = both.slice(-1, 1, 2 * Hidden, 2).clamp(-limit, limit);
            Tensor hidden = gate * sigmoid(gate * Alpha) * (up + 1);
            return hidden.matmul(part["experts.down_proj"][expert]) + part["experts.down_proj_bias"][expert];
        });
    }
}
