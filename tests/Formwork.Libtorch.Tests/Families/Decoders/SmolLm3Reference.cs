using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// SmolLM3. Source: Hugging Face, "SmolLM3: smol, multilingual, long-context reasoner" (2025), architecture: Llama, tied, grouped, and every fourth
/// layer without positions (NoPE). In the config's list 1 means that a layer turns its queries and keys.
/// </summary>
public sealed class SmolLm3Reference(JsonObject config) : LlamaReference("smollm3", config)
{
    /// <summary>A tiny config.json.</summary>
    public static SmolLm3Reference Tiny() => new(TinyConfig.Decoder("SmolLM3ForCausalLM", "smollm3",
        ("attention_bias", false), ("max_window_layers", 28), ("mlp_bias", false), ("no_rope_layer_interval", 4),
        ("layer_types", new JsonArray("full_attention", "full_attention", "full_attention", "full_attention", "full_attention")),
        ("no_rope_layers", new JsonArray(1, 1, 1, 0, 1)), ("num_hidden_layers", 5), ("rms_norm_eps", 1e-6), ("rope_theta", 5000000.0),
        ("sliding_window", null), ("tie_word_embeddings", true), ("use_sliding_window", false)));

    /// <inheritdoc/>
    protected override Rotary? RotaryOf(int layer, int length) =>
        Config.Numbers("no_rope_layers")![layer] == 0 ? null : base.RotaryOf(layer, length);
}
