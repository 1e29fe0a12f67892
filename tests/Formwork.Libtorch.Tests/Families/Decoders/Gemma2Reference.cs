using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Gemma 2. Source: "Gemma 2: improving open language models at a practical size" (2024), section 2: norms before and after each part, a window
/// in every other layer from the first on, caps on scores and on logits, scores scaled by <c>query_pre_attn_scalar</c>^−½.
/// </summary>
public class Gemma2Reference(string name, JsonObject config) : GemmaReference(name, config)
{
    /// <summary>As the 2B, with caps so low that they show.</summary>
    public static Gemma2Reference Gemma2() => new("gemma2", TinyConfig.Decoder("Gemma2ForCausalLM", "gemma2",
        ("attention_bias", false), ("attn_logit_softcapping", 2.0), ("bos_token_id", 2), ("cache_implementation", "hybrid"), ("eos_token_id", 1),
        ("final_logit_softcapping", 5.0), ("head_dim", 16), ("hidden_act", "gelu_pytorch_tanh"), ("hidden_activation", "gelu_pytorch_tanh"),
        ("num_hidden_layers", 4), ("pad_token_id", 0), ("query_pre_attn_scalar", 24), ("rms_norm_eps", 1e-6), ("sliding_window", 10))
        .Without("rope_scaling", "tie_word_embeddings"));

    /// <inheritdoc/>
    protected override string[] LayerNorms =>
        ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"];

    /// <inheritdoc/>
    public override Tensor Logits(TinyWeights weights, Tensor tokens, Tensor mask) => Capped(base.Logits(weights, tokens, mask), "final_logit_softcapping");

    /// <inheritdoc/>
    protected override Tensor Block(Tensor x, TinyWeights weights, int layer, Tensor mask)
    {
        Tensor attended = Attention(Normed(x, weights["input_layernorm.weight"]), weights.Below("self_attn."), layer, mask);
        x = x + Normed(attended, weights["post_attention_layernorm.weight"]);
        Tensor fed = FeedForward(Normed(x, weights["pre_feedforward_layernorm.weight"]), weights, layer);
        return x + Normed(fed, weights["post_feedforward_layernorm.weight"]);
    }

    /// <inheritdoc/>
    protected override ScaledAttention Scores(TinyWeights weights) => new()
    {
        Scale = Math.Pow(Config.Number("query_pre_attn_scalar"), -0.5),
        Cap = Config["attn_logit_softcapping"] is null ? null : Config.Number("attn_logit_softcapping"),
    };

    /// <inheritdoc/>
    protected override int? Window(int layer) => layer % 2 == 0 ? Config.Integer("sliding_window") : null;

    private Tensor Capped(Tensor x, string key) => Config[key] is null ? x : (x / Config.Number(key)).tanh() * Config.Number(key);
}
