using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Phi-3 and Phi-4-mini. Source: Abdin et al., "Phi-3 technical report" (2024), section 2; "Phi-4-mini technical report" (2025), section 2: Llama with
/// queries, keys and values in one matrix and gate and up in one, LongRoPE, a window in the short ones; Phi-4-mini turns three quarters of a head.
/// </summary>
public sealed class Phi3Reference(string name, JsonObject config) : LlamaReference(name, config)
{
    private int Hidden => Config.Integer("intermediate_size");

    /// <summary>As Phi-3-mini-4k: plain rotary, a window.</summary>
    public static Phi3Reference Short() => new("phi3", TinyConfig.Decoder("Phi3ForCausalLM", "phi3",
        [.. Common, ("original_max_position_embeddings", 128), ("num_key_value_heads", 4), ("sliding_window", 13)]));

    /// <summary>As Phi-3-mini-128k: the long factors for more than 16 tokens, the short ones for fewer.</summary>
    public static Phi3Reference Long() => new("phi3_longrope", TinyConfig.Decoder("Phi3ForCausalLM", "phi3",
        [.. Common, ("original_max_position_embeddings", 16), ("rope_scaling", LongRope(6)), ("sliding_window", 262144)]));

    /// <summary>The same with a context that is the original one: the short factors only.</summary>
    public static Phi3Reference LongWithinOriginal() => new("phi3_longrope_short", TinyConfig.Decoder("Phi3ForCausalLM", "phi3",
        [.. Common, ("original_max_position_embeddings", 128), ("rope_scaling", LongRope(6)), ("sliding_window", null)]));

    /// <summary>As Phi-4-mini: partial rotary, grouped, tied.</summary>
    public static Phi3Reference Phi4Mini() => new("phi4_mini", TinyConfig.Decoder("Phi3ForCausalLM", "phi3",
        [.. Common, ("hidden_size", 64), ("original_max_position_embeddings", 16), ("partial_rotary_factor", 0.75), ("rope_scaling", LongRope(6)),
            ("sliding_window", 262144), ("tie_word_embeddings", true)]));

    private static (string Key, JsonNode? Value)[] Common =>
        [("attention_bias", false), ("embd_pdrop", 0.0), ("pad_token_id", 0), ("resid_pdrop", 0.0)];

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> AttentionTensors(string path) =>
    [
        TinyTensor.Matrix($"{path}qkv_proj.weight", (HeadCount + 2 * KeyValueHeads) * HeadWidth, Width),
        TinyTensor.Matrix($"{path}o_proj.weight", Width, HeadCount * HeadWidth),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> FeedForwardTensors(string path, int layer) =>
    [
        TinyTensor.Matrix($"{path}mlp.gate_up_proj.weight", 2 * Hidden, Width),
        TinyTensor.Matrix($"{path}mlp.down_proj.weight", Width, Hidden),
    ];

    /// <inheritdoc/>
    protected override Tensor Attention(Tensor x, TinyWeights weights, int layer, Tensor mask)
    {
        long queries = HeadCount * HeadWidth, keys = KeyValueHeads * HeadWidth;
        Tensor[] parts = weights.Linear(x, "qkv_proj").split([queries, keys, keys], -1);
        Tensor positions = Masks.Positions(mask);
        Rotary rotary = RotaryOf(layer, (int)mask.sum(1).max().item<long>())!;
        Tensor attended = new ScaledAttention().Attend(
            rotary.TurnHalves(ByHead.Split(parts[0], HeadCount), positions),
            rotary.TurnHalves(ByHead.Split(parts[1], KeyValueHeads), positions),
            ByHead.Split(parts[2], KeyValueHeads),
            Masks.Causal(mask, Window(layer)));
        return weights.Linear(attended, "o_proj");
    }

    /// <inheritdoc/>
    protected override int? Window(int layer) => Config["sliding_window"] is null ? null : Config.Integer("sliding_window");

    /// <inheritdoc/>
    protected override Rotary? RotaryOf(int layer, int length) =>
        RotaryScaling.Of(Config, (int)(HeadWidth * Config.Number("partial_rotary_factor", 1)), length);

    /// <inheritdoc/>
    protected override Tensor FeedForward(Tensor x, TinyWeights weights, int layer)
    {
        Tensor[] gateAndUp = weights.Linear(x, "mlp.gate_up_proj").chunk(2, -1);
        return weights.Linear(Activations.Apply(Config.Text("hidden_act", "silu"), gateAndUp[0]) * gateAndUp[1], "mlp.down_proj");
    }

    private static JsonObject LongRope(int pairs) => new()
    {
        ["long_factor"] = new JsonArray(Enumerable.Range(0, pairs).Select(i => (JsonNode)(1.5 + 2.25 * i)).ToArray()),
        ["short_factor"] = new JsonArray(Enumerable.Range(0, pairs).Select(i => (JsonNode)(1.0 + 0.125 * i)).ToArray()),
        ["type"] = "longrope",
    };
}
