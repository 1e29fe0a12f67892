using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Granite 3. Source: IBM, "Granite 3.0 language models" (2024), section 3, after Yang et al., "Tensor programs V" (2022): Llama with four multipliers:
/// embeddings times one, each part's output times one, scores times one (instead of 1/√head width), and logits divided by one.
/// </summary>
public class GraniteReference(string name, JsonObject config) : LlamaReference(name, config)
{
    /// <summary>As the 2B: tied.</summary>
    public static GraniteReference Tiny() => new("granite", TinyConfig.Decoder("GraniteForCausalLM", "granite", Multipliers));

    /// <summary>Keys of both Granites; the numbers are such that each matters.</summary>
    protected static (string Key, JsonNode? Value)[] Multipliers =>
    [
        ("attention_bias", false), ("attention_multiplier", 0.4), ("embedding_multiplier", 3.0), ("logits_scaling", 8.0), ("mlp_bias", false),
        ("residual_multiplier", 0.22), ("tie_word_embeddings", true),
    ];

    /// <inheritdoc/>
    public override Tensor Logits(TinyWeights weights, Tensor tokens, Tensor mask) =>
        base.Logits(weights, tokens, mask) / Config.Number("logits_scaling");

    /// <inheritdoc/>
    protected override double EmbeddingDeviation => 1 / Config.Number("embedding_multiplier");

    /// <inheritdoc/>
    protected override Tensor Embedded(TinyWeights weights, Tensor tokens) => base.Embedded(weights, tokens) * Config.Number("embedding_multiplier");

    /// <inheritdoc/>
    protected override Tensor Block(Tensor x, TinyWeights weights, int layer, Tensor mask)
    {
        double residual = Config.Number("residual_multiplier");
        x = x + Attention(Normed(x, weights["input_layernorm.weight"]), weights.Below("self_attn."), layer, mask) * residual;
        return x + FeedForward(Normed(x, weights["post_attention_layernorm.weight"]), weights, layer) * residual;
    }

    /// <inheritdoc/>
    protected override ScaledAttention Scores(TinyWeights weights) => new() { Scale = Config.Number("attention_multiplier") };
}
