using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>
/// The parts of a post-norm model (Vaswani et al. 2017), as libtorch's users write them for speed: query, key and value in one product,
/// fused attention, inference mode.
/// </summary>
public abstract class LibtorchPostNorm : LibtorchModel
{
    private readonly double _epsilon;

    /// <summary>Sizes that all layers have.</summary>
    protected LibtorchPostNorm(int width, int heads, int feedForwardWidth, double epsilon, Func<string, int, int, float[]>? values = null)
        : base(values)
    {
        (Width, HeadCount, FeedForwardWidth) = (width, heads, feedForwardWidth);
        _epsilon = epsilon;
    }

    /// <summary>Width of the residual stream.</summary>
    protected int Width { get; }

    /// <summary>Number of heads.</summary>
    protected int HeadCount { get; }

    /// <summary>Width of a head.</summary>
    protected int HeadWidth => Width / HeadCount;

    /// <summary>Width of the feed-forward part.</summary>
    protected int FeedForwardWidth { get; }

    /// <summary>The feed-forward part's activation, in place where it can be.</summary>
    protected abstract Tensor Activate(Tensor raised);

    /// <summary>What dropout leaves of a part's output, while the model learns.</summary>
    protected virtual Tensor Drop(Tensor part) => part;

    /// <summary>One layer of an encoder, (sequences, tokens, width) each way; the mask is added to the scores.</summary>
    protected Tensor EncoderLayer(Tensor stream, LibtorchEncoderLayer layer, Tensor? mask = null)
    {
        var projected = linear(stream, layer.Attention.Projection, layer.Attention.ProjectionBias).split(Width, 2);
        var mixed = scaled_dot_product_attention(Heads(projected[0]), Heads(projected[1]), Heads(projected[2]), mask);
        return FeedForward(Close(stream, Join(mixed), layer.Attention), layer.FeedForward);
    }

    /// <summary>norm(x + output(attended)).</summary>
    protected Tensor Close(Tensor stream, Tensor attended, LibtorchAttention attention) =>
        Norm(Drop(linear(attended, attention.Output, attention.OutputBias)).add_(stream), attention.Gain, attention.Bias);

    /// <summary>norm(x + down(activation(up(x)))).</summary>
    protected Tensor FeedForward(Tensor stream, LibtorchFeedForward parts)
    {
        var raised = Activate(linear(stream, parts.Up, parts.UpBias));
        return Norm(Drop(linear(raised, parts.Down, parts.DownBias)).add_(stream), parts.Gain, parts.Bias);
    }

    /// <summary>Layer norm.</summary>
    protected Tensor Norm(Tensor stream, Tensor gain, Tensor bias) => layer_norm(stream, [Width], gain, bias, _epsilon);

    /// <summary>(sequences, tokens, width) to (sequences, heads, tokens, head width).</summary>
    protected Tensor Heads(Tensor part) => part.view(part.shape[0], part.shape[1], HeadCount, HeadWidth).transpose(1, 2);

    /// <summary>(sequences, heads, tokens, head width) to (sequences, tokens, width).</summary>
    protected Tensor Join(Tensor heads) => heads.transpose(1, 2).reshape(heads.shape[0], heads.shape[2], Width);

    /// <summary>An encoder's layer.</summary>
    /// <param name="path">Its name in the graph, for example <c>layers.0</c>.</param>
    protected LibtorchEncoderLayer NewEncoderLayer(string path) =>
        new(NewAttention($"{path}.attention", "query", "key", "value"), NewFeedForward($"{path}.feed_forward"));

    /// <summary>Attention whose named projections, of the same rows, are one product.</summary>
    protected LibtorchAttention NewAttention(string path, params IReadOnlyList<string> projections) => new(
        Fused([.. projections.Select(name => ($"{path}.{name}.weight", Width, Width))]),
        Fused([.. projections.Select(name => ($"{path}.{name}.bias", Width, 1))]),
        Weight($"{path}.output.weight", Width, Width),
        Vector($"{path}.output.bias", Width),
        Vector($"{path}.norm.weight", Width),
        Vector($"{path}.norm.bias", Width));

    /// <summary>A decoder's layer.</summary>
    /// <param name="path">Its name in the graph, for example <c>decoder.layers.0</c>.</param>
    protected LibtorchDecoderLayer NewDecoderLayer(string path) => new(
        NewAttention($"{path}.attention", "query", "key", "value"),
        NewAttention($"{path}.cross_attention", "query"),
        Fused(($"{path}.cross_attention.key.weight", Width, Width), ($"{path}.cross_attention.value.weight", Width, Width)),
        Fused(($"{path}.cross_attention.key.bias", Width, 1), ($"{path}.cross_attention.value.bias", Width, 1)),
        NewFeedForward($"{path}.feed_forward"));

    /// <summary>A feed-forward part.</summary>
    protected LibtorchFeedForward NewFeedForward(string path) => new(
        Weight($"{path}.up.weight", FeedForwardWidth, Width),
        Vector($"{path}.up.bias", FeedForwardWidth),
        Weight($"{path}.down.weight", Width, FeedForwardWidth),
        Vector($"{path}.down.bias", Width),
        Vector($"{path}.norm.weight", Width),
        Vector($"{path}.norm.bias", Width));
}
