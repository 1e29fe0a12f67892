using System.Globalization;
using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.EncoderDecoders;

/// <summary>
/// The base model of Vaswani et al., "Attention is all you need" (2017): section 3.1 for the stacks with a norm behind each part, 3.4 for one
/// table for source, target and output whose vectors are multiplied by √width, 3.5 for the positions. No checkpoint of it is published in a
/// layout of its own, so it is stored under this project's own names.
/// </summary>
public sealed class VaswaniReference(string name, JsonObject config) : EncoderDecoderReference(name, config)
{
    /// <summary>The epsilon of norms, which the paper does not say; libtorch's.</summary>
    public const double Epsilon = 1e-5;

    /// <summary>The residual stream's width.</summary>
    public int Width => Config.Integer("width");

    /// <summary>Attention heads.</summary>
    public int Heads => Config.Integer("heads");

    /// <summary>The feed-forward's width.</summary>
    public int Hidden => Config.Integer("feed_forward");

    /// <summary>Layers of each stack.</summary>
    public int Layers => Config.Integer("layers");

    /// <summary>Whether a norm stands behind each stack, as libtorch's <c>nn.Transformer</c> has it and the paper does not.</summary>
    public bool FinalNorm => Config.Flag("final_norm", false);

    /// <summary>As the paper has it, tiny.</summary>
    public static VaswaniReference Paper() => new("vaswani", TinyConfig(finalNorm: false));

    /// <summary>As <c>nn.Transformer</c> has it, tiny.</summary>
    public static VaswaniReference Libtorch() => new("vaswani_libtorch", TinyConfig(finalNorm: true));

    /// <inheritdoc/>
    public override string Spec => $$"""
        model: NAME
        architecture: encoder-decoder
        vocabulary: {{Config.Integer("vocab_size")}}
        context: {{Config.Integer("context")}}
        width: {{Width}}
        layers: {{Layers}}
        attention: {heads: {{Heads}}, bias: true}
        feed_forward: {width: {{Hidden}}, activation: relu, bias: true}
        norm: {kind: layer, epsilon: {{Epsilon.ToString(CultureInfo.InvariantCulture)}}, placement: post}
        final_norm: {{(FinalNorm ? "true" : "false")}}
        positions: {kind: sinusoidal}
        embedding: {tied: true, shared: true, scale: {{Math.Sqrt(Width).ToString("R", CultureInfo.InvariantCulture)}}}
        generation: {start: {{Start}}}
        """;

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table("embedding.token", Config.Integer("vocab_size"), Width, 1 / Math.Sqrt(Width)),
        .. StackTensors("encoder"),
        .. StackTensors("decoder"),
    ];

    /// <inheritdoc/>
    public override Tensor Encode(TinyWeights weights, Tensor source, Tensor sourceMask)
    {
        Tensor x = Embed(weights, source, Masks.Positions(sourceMask)), visible = Masks.Tokens(sourceMask);
        for (int layer = 0; layer < Layers; layer++)
        {
            TinyWeights parts = weights.Below($"encoder.layers.{layer}.");
            x = Normed(x + Attention.Run(x, x, parts.Below("attention."), visible).Output, parts, "attention.norm");
            x = Normed(x + FeedForwards.Plain(x, parts, "relu", "feed_forward.up", "feed_forward.down"), parts, "feed_forward.norm");
        }
        return FinalNorm ? Normed(x, weights, "encoder.final_norm") : x;
    }

    /// <inheritdoc/>
    public override DecoderPass Decode(TinyWeights weights, Tensor memory, Tensor sourceMask, Tensor target)
    {
        Tensor x = Embed(weights, target, arange(target.shape[1], int64).unsqueeze(0));
        Tensor visible = Masks.Causal(ones_like(target)), sourceVisible = Masks.Tokens(sourceMask);
        var patterns = new List<Tensor>();
        for (int layer = 0; layer < Layers; layer++)
        {
            TinyWeights parts = weights.Below($"decoder.layers.{layer}.");
            x = Normed(x + Attention.Run(x, x, parts.Below("attention."), visible).Output, parts, "attention.norm");
            (Tensor output, Tensor pattern) = Attention.Run(x, memory, parts.Below("cross_attention."), sourceVisible);
            patterns.Add(pattern);
            x = Normed(x + output, parts, "cross_attention.norm");
            x = Normed(x + FeedForwards.Plain(x, parts, "relu", "feed_forward.up", "feed_forward.down"), parts, "feed_forward.norm");
        }
        return new DecoderPass(Project(weights, FinalNorm ? Normed(x, weights, "decoder.final_norm") : x), patterns);
    }

    /// <summary>√width · token + position, <c>[batch, length, width]</c>.</summary>
    public Tensor Embed(TinyWeights weights, Tensor tokens, Tensor positions) =>
        weights["embedding.token"][tokens] * Math.Sqrt(Width) + Sinusoids.Interleaved(positions, Width, weights.Type);

    /// <summary>Logits of the decoder's last states.</summary>
    public static Tensor Project(TinyWeights weights, Tensor states) => nn.functional.linear(states, weights["embedding.token"]);

    private SeparateAttention Attention => new(Heads, "query", "key", "value", "output");

    private static Tensor Normed(Tensor x, TinyWeights weights, string path) => Norms.Layer(x, weights, path, Epsilon);

    private IEnumerable<TinyTensor> StackTensors(string stack) =>
    [
        .. Enumerable.Range(0, Layers).SelectMany(layer => LayerTensors($"{stack}.layers.{layer}.", stack == "decoder")),
        .. FinalNorm ? TinyTensor.Norm($"{stack}.final_norm", Width, bias: true) : [],
    ];

    private IEnumerable<TinyTensor> LayerTensors(string path, bool decoder) =>
    [
        .. AttentionTensors($"{path}attention."),
        .. decoder ? AttentionTensors($"{path}cross_attention.") : [],
        .. TinyTensor.Linear($"{path}feed_forward.up", Hidden, Width, bias: true),
        .. TinyTensor.Linear($"{path}feed_forward.down", Width, Hidden, bias: true),
        .. TinyTensor.Norm($"{path}feed_forward.norm", Width, bias: true),
    ];

    private IEnumerable<TinyTensor> AttentionTensors(string path) =>
    [
        .. new[] { "query", "key", "value", "output" }.SelectMany(part => TinyTensor.Linear($"{path}{part}", Width, Width, bias: true)),
        .. TinyTensor.Norm($"{path}norm", Width, bias: true),
    ];

    private static JsonObject TinyConfig(bool finalNorm) => new()
    {
        ["context"] = 64,
        ["decoder_start_token_id"] = 1,
        ["eos_token_id"] = 2,
        ["feed_forward"] = 64,
        ["final_norm"] = finalNorm,
        ["heads"] = 4,
        ["layers"] = 2,
        ["vocab_size"] = 71,
        ["width"] = 32,
    };
}
