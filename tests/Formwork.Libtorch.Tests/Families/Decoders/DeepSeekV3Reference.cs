using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// DeepSeek-V3. Source: "DeepSeek-V3 technical report" (2024), section 2.1.2: V2 with sigmoid scores, a bias an expert that counts in choosing and not in
/// weighing, groups scored by their two best experts, weights divided by their sum and then times a factor. The files end with one more layer, which
/// served training (section 2.2, multi-token prediction) and is not read.
/// </summary>
public sealed class DeepSeekV3Reference(JsonObject config) : DeepSeekReference("deepseek_v3", config)
{
    /// <summary>A tiny config.json.</summary>
    public static DeepSeekV3Reference Tiny() => new(TinyConfig.Decoder("DeepseekV3ForCausalLM", "deepseek_v3",
        [.. Common(mscale: 1.0, dense: 2), ("ep_size", 1), ("n_group", 4), ("n_shared_experts", 1), ("norm_topk_prob", true),
            ("num_nextn_predict_layers", 1), ("q_lora_rank", 20), ("routed_scaling_factor", 2.5), ("scoring_func", "sigmoid"), ("topk_group", 2),
            ("topk_method", "noaux_tc")]));

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
        [.. base.Tensors, .. PredictionTensors($"model.layers.{Layers}.").Select(entry => entry with { IsUnread = true })];

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> RouterTensors(string path) =>
        [.. base.RouterTensors(path), TinyTensor.Bias($"{path}e_score_correction_bias", Count)];

    /// <inheritdoc/>
    protected override Tensor Routed(Tensor x, TinyWeights weights)
    {
        Tensor scores = sigmoid(nn.functional.linear(x, weights["weight"]));
        Tensor forChoice = scores + weights["e_score_correction_bias"];
        Tensor eligible = forChoice.masked_fill(InGroups(forChoice, best: 2).logical_not(), double.NegativeInfinity);
        Tensor kept = scores * Experts.Largest(eligible, Config.Integer("num_experts_per_tok"));
        if (Config.Flag("norm_topk_prob", true))
            kept = kept / (kept.sum(-1, keepdim: true) + 1e-20);
        return kept * Config.Number("routed_scaling_factor");
    }

    private IEnumerable<TinyTensor> PredictionTensors(string path) =>
    [
        .. LayerTensors(path, Layers),
        TinyTensor.Table($"{path}embed_tokens.weight", Vocabulary, Width),
        TinyTensor.Gain($"{path}enorm.weight", Width),
        TinyTensor.Gain($"{path}hnorm.weight", Width),
        TinyTensor.Matrix($"{path}eh_proj.weight", Width, 2 * Width),
        TinyTensor.Gain($"{path}shared_head.norm.weight", Width),
        TinyTensor.Matrix($"{path}shared_head.head.weight", Vocabulary, Width),
    ];
}
