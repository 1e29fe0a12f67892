using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Qwen3. Source: Yang et al., "Qwen3 technical report" (2025), section 2: Qwen2 without its biases, with RMS norms over each head of queries
/// and keys before they are turned, and a head width of its own.
/// </summary>
public class Qwen3Reference(string name, JsonObject config) : LlamaReference(name, config)
{
    /// <summary>As the 0.6B: tied, heads together wider than the model.</summary>
    public static Qwen3Reference Tiny() => new("qwen3", TinyConfig.Decoder("Qwen3ForCausalLM", "qwen3",
        ("attention_bias", false), ("head_dim", 16), ("max_window_layers", 3), ("rms_norm_eps", 1e-6), ("rope_theta", 1000000.0),
        ("sliding_window", null), ("tie_word_embeddings", true), ("use_sliding_window", false)));

    /// <inheritdoc/>
    protected override IEnumerable<TinyTensor> AttentionTensors(string path) =>
    [
        .. base.AttentionTensors(path),
        TinyTensor.Gain($"{path}q_norm.weight", HeadWidth),
        TinyTensor.Gain($"{path}k_norm.weight", HeadWidth),
    ];

    /// <inheritdoc/>
    protected override Tensor QueryNormed(Tensor rows, int heads, string gain, TinyWeights weights) =>
        Normed(ByHead.Split(rows, heads), weights[gain]);
}
