using System.Text.Json.Nodes;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Qwen2 and 2.5. Source: Yang et al., "Qwen2 technical report" (2024), section 2.2: Llama with biases on queries, keys and values. Published
/// configs name a window and say beside it that it is not used.
/// </summary>
public sealed class Qwen2Reference(JsonObject config) : LlamaReference("qwen2", config)
{
    /// <summary>As the 0.5B: tied.</summary>
    public static Qwen2Reference Tiny() => new(TinyConfig.Decoder("Qwen2ForCausalLM", "qwen2",
        ("max_window_layers", 3), ("rms_norm_eps", 1e-6), ("rope_theta", 1000000.0), ("sliding_window", 8), ("tie_word_embeddings", true),
        ("use_sliding_window", false)).Without("rope_scaling"));

    /// <inheritdoc/>
    protected override bool InputBias => true;

    /// <inheritdoc/>
    protected override bool OutputBias => false;
}
