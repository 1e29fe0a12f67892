using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// DeepSeek-V2. Source: "DeepSeek-V2" (2024), section 2.1 (latent attention: keys and values come from a small normed latent, one rotary key is shared by
/// all heads, queries have a latent of their own in the large one) and section 2.2 (experts beside a shared one, chosen within the best groups);
/// details from the published modeling_deepseek.py: pairs (2i, 2i + 1) turn, YaRN's factor enters scores squared, the first layers are dense.
/// </summary>
public class DeepSeekReference(string name, JsonObject config) : LlamaReference(name, config)
{
    /// <summary>A group's score is its largest expert's.</summary>
    private bool ByGroups => Config.Text("topk_method", "greedy") == "group_limited_greedy";

    /// <summary>Routed experts.</summary>
    protected int Count => Config.Integer("n_routed_experts");

    private int Latent => Config.Integer("kv_lora_rank");

    private int PlainWidth => Config.Integer("qk_nope_head_dim");

    private int RotaryWidth => Config.Integer("qk_rope_head_dim");

    private int ValueWidth => Config.Integer("v_head_dim");

    /// <summary>As V2-Lite: no latent for queries, no groups.</summary>
    public static DeepSeekReference Lite() => new("deepseek_v2_lite", TinyConfig.Decoder("DeepseekV2ForCausalLM", "deepseek_v2",
        [.. Common(mscale: 0.707), ("n_group", 1), ("norm_topk_prob", false), ("q_lora_rank", null), ("routed_scaling_factor", 1.0),
            ("scoring_func", "softmax"), ("topk_group", 1), ("topk_method", "greedy")]));

    /// <summary>As V2: a latent for queries, groups, weights times a factor and not divided by their sum.</summary>
    public static DeepSeekReference V2() => new("deepseek_v2", TinyConfig.Decoder("DeepseekV2ForCausalLM", "deepseek_v2",
        [.. Common(mscale: 0.707), ("n_group", 4), ("norm_topk_prob", false), ("q_lora_rank", 20), ("routed_scaling_factor", 4.0),
            ("scoring_func", "softmax"), ("topk_group", 2), ("topk_method", "group_limited_greedy")]));

    /// <summary>Keys that all have.</summary>
    protected static (string Key, JsonNode? Value)[] Common(double mscale, int dense = 1) =>
    [
        ("attention_bias", false), ("aux_loss_alpha", 0.001), ("first_k_dense_replace", dense), ("kv_lora_rank", 24), ("moe_intermediate_size", 20),
        ("moe_layer_freq", 1), ("n_routed_experts", 8), ("n_shared_experts", 2), ("num_experts_per_tok", 3), ("num_hidden_layers", 4),
        ("num_key_value_heads", 4), ("pretraining_tp", 1), ("qk_nope_head_dim", 12), ("qk_rope_head_dim", 8), ("rms_norm_eps", 1e-6),
        ("rope_scaling", new JsonObject
        {
            ["beta_fast"] = 32,
            ["beta_slow"] = 1,
            ["factor"] = 4,
            ["mscale"] = mscale,
            ["mscale_all_dim"] = mscale,
            ["original_max_position_embeddings"] = 32,
            ["type"] = "yarn",
        }),
        ("seq_aux", true), ("v_head_dim", 16),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> AttentionTensors(string path)
    {
        int queries = HeadCount * (PlainWidth + RotaryWidth);
        return
        [
            .. Config["q_lora_rank"] is null
                ? TinyTensor.Linear($"{path}q_proj", queries, Width)
                :
                [
                    TinyTensor.Matrix($"{path}q_a_proj.weight", Config.Integer("q_lora_rank"), Width),
                    TinyTensor.Gain($"{path}q_a_layernorm.weight", Config.Integer("q_lora_rank")),
                    TinyTensor.Matrix($"{path}q_b_proj.weight", queries, Config.Integer("q_lora_rank")),
                ],
            TinyTensor.Matrix($"{path}kv_a_proj_with_mqa.weight", Latent + RotaryWidth, Width),
            TinyTensor.Gain($"{path}kv_a_layernorm.weight", Latent),
            TinyTensor.Matrix($"{path}kv_b_proj.weight", HeadCount * (PlainWidth + ValueWidth), Latent),
            TinyTensor.Matrix($"{path}o_proj.weight", Width, HeadCount * ValueWidth),
        ];
    }

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> FeedForwardTensors(string path, int layer)
    {
        if (!IsSparse(layer))
            return base.FeedForwardTensors(path, layer);
        int hidden = Config.Integer("moe_intermediate_size");
        return
        [
            .. RouterTensors($"{path}mlp.gate."),
            .. Enumerable.Range(0, Count).SelectMany(expert => GatedTensors($"{path}mlp.experts.{expert}.", hidden)),
            .. GatedTensors($"{path}mlp.shared_experts.", hidden * Config.Integer("n_shared_experts")),
        ];
    }

    /// <summary>The router's tensors.</summary>
    protected virtual IEnumerable<TinyTensor> RouterTensors(string path) => [TinyTensor.Matrix($"{path}weight", Count, Width)];

    /// <inheritdoc/>
    protected override Tensor Attention(Tensor x, TinyWeights weights, int layer, Tensor mask)
    {
        Rotary rotary = RotaryScaling.Of(Config, RotaryWidth, (int)mask.shape[1]);
        Tensor positions = Masks.Positions(mask);

        Tensor[] query = ByHead.Split(Queries(x, weights), HeadCount).split([PlainWidth, RotaryWidth], -1);
        Tensor[] down = weights.Linear(x, "kv_a_proj_with_mqa").split([Latent, RotaryWidth], -1);
        Tensor latent = Normed(down[0], weights["kv_a_layernorm.weight"]);
        Tensor[] keyAndValue = ByHead.Split(weights.Linear(latent, "kv_b_proj"), HeadCount).split([PlainWidth, ValueWidth], -1);
        Tensor sharedKey = rotary.TurnPairs(ByHead.Split(down[1], 1), positions).expand(-1, HeadCount, -1, -1);

        Tensor attended = new ScaledAttention { Scale = ScoreScale }.Attend(
            cat([query[0], rotary.TurnPairs(query[1], positions)], -1), cat([keyAndValue[0], sharedKey], -1), keyAndValue[1], Masks.Causal(mask));
        return weights.Linear(attended, "o_proj");
    }

    /// <inheritdoc/>
    protected override Tensor FeedForward(Tensor x, TinyWeights weights, int layer)
    {
        if (!IsSparse(layer))
            return base.FeedForward(x, weights, layer);
        TinyWeights part = weights.Below("mlp.");
        Tensor routed = Experts.Mix(x, Routed(x, part.Below("gate.")), (expert, rows) => FeedForwards.Gated(rows, part.Below($"experts.{expert}."), "silu"));
        return routed + FeedForwards.Gated(x, part.Below("shared_experts."), "silu");
    }

    /// <summary>The experts' weights for each row, <c>[…, experts]</c>.</summary>
    protected virtual Tensor Routed(Tensor x, TinyWeights weights)
    {
        Tensor scores = nn.functional.linear(x, weights["weight"]).softmax(-1);
        Tensor eligible = ByGroups ? scores.masked_fill(InGroups(scores, best: 1).logical_not(), 0) : scores;
        Tensor kept = scores * Experts.Largest(eligible, Config.Integer("num_experts_per_tok"));
        return Config.Flag("norm_topk_prob", false) ? kept / kept.sum(-1, keepdim: true) : kept * Config.Number("routed_scaling_factor");
    }

    /// <summary>True for the experts in the chosen groups; a group's score is the sum of its best experts' scores.</summary>
    protected Tensor InGroups(Tensor scores, int best)
    {
        Tensor byGroup = scores.view(scores.shape[0], scores.shape[1], Config.Integer("n_group"), -1);
        Tensor groupScores = byGroup.topk(best, -1).values.sum(-1);
        return Experts.Largest(groupScores, Config.Integer("topk_group")).ne(0).unsqueeze(-1).expand(byGroup.shape).flatten(2);
    }

    private double ScoreScale
    {
        get
        {
            double scale = Math.Pow(PlainWidth + RotaryWidth, -0.5);
            if (Config["rope_scaling"] is not JsonObject scaling || scaling.Number("mscale_all_dim", 0) == 0)
                return scale;
            double factor = RotaryScaling.YarnFactor(scaling.Number("factor"), scaling.Number("mscale_all_dim"));
            return scale * factor * factor;
        }
    }

    private Tensor Queries(Tensor x, TinyWeights weights) => Config["q_lora_rank"] is null
        ? weights.Linear(x, "q_proj")
        : weights.Linear(Normed(weights.Linear(x, "q_a_proj"), weights["q_a_layernorm.weight"]), "q_b_proj");

    private bool IsSparse(int layer) => layer >= Config.Integer("first_k_dense_replace") && layer % Config.Integer("moe_layer_freq") == 0;
}
