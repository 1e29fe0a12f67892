using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Gemma. Source: "Gemma: open models based on Gemini" (2024), section 2, and google-deepmind/gemma: embeddings times √width, norms with gain
/// 1 + g, gated gelu in its tanh form, one key/value head in the 2B, tied. The first configs say <c>hidden_act: gelu</c>, which is not what the
/// model was trained with; <c>hidden_activation</c> counts, and without it tanh's gelu.
/// </summary>
public class GemmaReference(string name, JsonObject config) : LlamaReference(name, config)
{
    /// <summary>As the 2B: one key/value head, heads together wider than the model, and the misleading <c>hidden_act</c>.</summary>
    public static GemmaReference Gemma1() => new("gemma", TinyConfig.Decoder("GemmaForCausalLM", "gemma",
        ("attention_bias", false), ("bos_token_id", 2), ("eos_token_id", 1), ("head_dim", 16), ("hidden_act", "gelu"), ("num_key_value_heads", 1),
        ("pad_token_id", 0), ("rms_norm_eps", 1e-6)).Without("tie_word_embeddings"));

    /// <inheritdoc/>
    protected override bool Tied => true;

    /// <inheritdoc/>
    protected override double EmbeddingDeviation => 1 / Math.Sqrt(Width);

    /// <inheritdoc/>
    protected override double GainMean => 0;

    /// <inheritdoc/>
    protected override Tensor Embedded(TinyWeights weights, Tensor tokens) => base.Embedded(weights, tokens) * Math.Sqrt(Width);

    /// <inheritdoc/>
    protected override Tensor FeedForward(Tensor x, TinyWeights weights, int layer) =>
        FeedForwards.Gated(x, weights.Below("mlp."), Config.Text("hidden_activation", "gelu_pytorch_tanh"));

    /// <inheritdoc/>
    protected override Tensor Normed(Tensor x, Tensor gain) => Norms.RmsOffset(x, gain, Config.Number("rms_norm_eps"));
}
