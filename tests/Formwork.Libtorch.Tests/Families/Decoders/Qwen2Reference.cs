using System.Text.Json.Nodes;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Qwen2 and 2.5. Source: Yang et al., "Qwen2 technical report" (2024), section 2.2: Llama with biases on queries, keys and values. Published
/// configs name a window and say beside it that it is not used; where it is, the layers from <c>max_window_layers</c> on have it.
/// </summary>
public class Qwen2Reference(string name, JsonObject config) : LlamaReference(name, config)
{
    /// <summary>As the 0.5B: tied.</summary>
    public static Qwen2Reference Tiny() => new("qwen2", TinyConfig.Decoder("Qwen2ForCausalLM", "qwen2",
        ("max_window_layers", 3), ("rms_norm_eps", 1e-6), ("rope_theta", 1000000.0), ("sliding_window", 8), ("tie_word_embeddings", true),
        ("use_sliding_window", false)).Without("rope_scaling"));

    /// <summary>As the 7B with the window in use and YaRN, as the model card says to set it for long texts.</summary>
    public static Qwen2Reference Long() => new("qwen2_long", TinyConfig.Decoder("Qwen2ForCausalLM", "qwen2",
        ("max_window_layers", 1), ("rms_norm_eps", 1e-6), ("rope_theta", 1000000.0), ("sliding_window", 9), ("use_sliding_window", true),
        ("rope_scaling", new JsonObject { ["factor"] = 4.0, ["original_max_position_embeddings"] = 32, ["type"] = "yarn" })));

    /// <inheritdoc/>
    protected override bool InputBias => true;

    /// <inheritdoc/>
    protected override bool OutputBias => false;

    /// <inheritdoc/>
    protected override int? Window(int layer) =>
        Config.Flag("use_sliding_window", false) && layer >= Config.Integer("max_window_layers") ? Config.Integer("sliding_window") : null;
}
