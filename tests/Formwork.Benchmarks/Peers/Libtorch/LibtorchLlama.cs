using Formwork.Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>Llama's block in libtorch.</summary>
internal sealed class LibtorchLlama : LibtorchDecoder
{
    private readonly Tensor _embedding;
    private readonly Tensor _finalGain;
    private readonly Tensor _cosines;
    private readonly Tensor _sines;
    private readonly Parts[] _layers;

    public LibtorchLlama(DecoderShape shape, int capacity)
        : base(shape, capacity)
    {
        _embedding = Weight("embedding.token", shape.Vocabulary, shape.Width);
        Unembedding = shape.Tied ? _embedding : Weight("unembedding.weight", shape.Vocabulary, shape.Width);
        _finalGain = Vector("final_norm.weight", shape.Width);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(NewLayer)];

        using var scope = NewDisposeScope();
        var frequencies = pow(shape.RotaryBase, arange(0, shape.HeadWidth, 2, ScalarType.Float32) / -shape.HeadWidth);
        var angles = outer(arange(capacity, ScalarType.Float32), frequencies);
        angles = cat([angles, angles], -1);
        _cosines = Keep(angles.cos());
        _sines = Keep(angles.sin());
    }

    protected override Tensor Unembedding { get; }

    protected override Tensor Embed(Tensor tokens, int position) => _embedding.index_select(0, tokens);

    protected override Tensor Layer(int layer, Tensor stream, int position)
    {
        var parts = _layers[layer];
        var tokens = stream.shape[1];

        var projected = linear(Norm(stream, parts.AttentionGain), parts.QueryKeyValue).split([Shape.QueryWidth, Shape.KeyValueWidth, Shape.KeyValueWidth], 2);
        var query = Rotate(Heads(projected[0], Shape.Heads), position);
        var key = Rotate(Heads(projected[1], Shape.KeyValueHeads), position);
        var value = Heads(projected[2], Shape.KeyValueHeads);
        stream = stream.add(linear(Attend(layer, query, key, value, position), parts.Output));

        var normed = Norm(stream, parts.FeedForwardGain);
        var raised = silu(linear(normed, parts.Gate)).mul_(linear(normed, parts.Up));
        return stream.add(linear(raised, parts.Down));

        Tensor Heads(Tensor part, int heads) => part.view(1, tokens, heads, Shape.HeadWidth).transpose(1, 2);
    }

    protected override Tensor FinalNorm(Tensor stream) => Norm(stream, _finalGain);

    // TorchSharp has no rms_norm.
    private Tensor Norm(Tensor stream, Tensor gain) =>
        stream.mul(stream.square().mean([-1], keepdim: true).add_(Shape.Epsilon).rsqrt_()).mul_(gain);

    // The half pairing, as Hugging Face's Llama writes it: x·cos + (−x₂, x₁)·sin.
    private Tensor Rotate(Tensor heads, int position)
    {
        var tokens = heads.shape[2];
        var half = Shape.HeadWidth / 2;
        var turned = cat([heads.narrow(3, half, half).neg(), heads.narrow(3, 0, half)], -1);
        return (heads * _cosines.narrow(0, position, tokens)).add_(turned.mul_(_sines.narrow(0, position, tokens)));
    }

    private Parts NewLayer(int layer)
    {
        int width = Shape.Width, feedForward = Shape.FeedForwardWidth;
        string attention = $"layers.{layer}.attention", forward = $"layers.{layer}.feed_forward";
        return new Parts(
            Vector($"{attention}.norm.weight", width),
            Fused(
                ($"{attention}.query.weight", Shape.QueryWidth, width),
                ($"{attention}.key.weight", Shape.KeyValueWidth, width),
                ($"{attention}.value.weight", Shape.KeyValueWidth, width)),
            Weight($"{attention}.output.weight", width, Shape.QueryWidth),
            Vector($"{forward}.norm.weight", width),
            Weight($"{forward}.gate.weight", feedForward, width),
            Weight($"{forward}.up.weight", feedForward, width),
            Weight($"{forward}.down.weight", width, feedForward));
    }

    private sealed record Parts(Tensor AttentionGain, Tensor QueryKeyValue, Tensor Output, Tensor FeedForwardGain, Tensor Gate, Tensor Up, Tensor Down);
}
