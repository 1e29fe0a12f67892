using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Gemma 3's text model. Source: "Gemma 3 technical report" (2025), section 2: Gemma 2 with query/key norms over heads (gain 1 + g) in place of the
/// caps; of each <c>sliding_window_pattern</c> layers the last sees all and has the long base and its scaling, the others have a window, the
/// local base and no scaling.
/// </summary>
public sealed class Gemma3Reference(JsonObject config) : Gemma2Reference("gemma3_text", config)
{
    /// <summary>As the 1B and, with the scaling, the larger ones; every third layer global.</summary>
    public static Gemma3Reference Tiny() => new(TinyConfig.Decoder("Gemma3ForCausalLM", "gemma3_text",
        ("attention_bias", false), ("attn_logit_softcapping", null), ("bos_token_id", 2), ("cache_implementation", "hybrid"), ("eos_token_id", 1),
        ("final_logit_softcapping", null), ("head_dim", 16), ("hidden_activation", "gelu_pytorch_tanh"), ("num_hidden_layers", 5),
        ("num_key_value_heads", 1), ("pad_token_id", 0), ("query_pre_attn_scalar", 24), ("rms_norm_eps", 1e-6),
        ("rope_local_base_freq", 10000.0), ("rope_scaling", new JsonObject { ["factor"] = 8.0, ["rope_type"] = "linear" }),
        ("rope_theta", 1000000.0), ("sliding_window", 10), ("sliding_window_pattern", 3)).Without("hidden_act", "tie_word_embeddings"));

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> AttentionTensors(string path) =>
    [
        .. base.AttentionTensors(path),
        TinyTensor.Gain($"{path}q_norm.weight", HeadWidth, GainMean),
        TinyTensor.Gain($"{path}k_norm.weight", HeadWidth, GainMean),
    ];

    /// <inheritdoc/>
    protected override Tensor QueryNormed(Tensor rows, int heads, string gain, TinyWeights weights) =>
        Normed(ByHead.Split(rows, heads), weights[gain]);

    /// <inheritdoc/>
    protected override int? Window(int layer) => IsGlobal(layer) ? null : Config.Integer("sliding_window");

    /// <inheritdoc/>
    protected override Rotary? RotaryOf(int layer, int length) =>
        IsGlobal(layer) ? base.RotaryOf(layer, length) : RotaryScaling.Plain(Config.Number("rope_local_base_freq"), HeadWidth);

    private bool IsGlobal(int layer) => (layer + 1) % Config.Integer("sliding_window_pattern") == 0;
}
