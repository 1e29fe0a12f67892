using System.Text.Json.Nodes;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Mistral. Source: Jiang et al., "Mistral 7B" (2023), section 2: Llama with grouped heads and, in v0.1, a sliding window in every layer.
/// </summary>
public class MistralReference(string name, JsonObject config) : LlamaReference(name, config)
{
    /// <summary>v0.1, with a window.</summary>
    public static MistralReference Tiny() => new("mistral", TinyConfig.Decoder("MistralForCausalLM", "mistral", ("sliding_window", 12)));

    /// <inheritdoc/>
    protected override int? Window(int layer) => Config["sliding_window"] is null ? null : Config.Integer("sliding_window");
}
