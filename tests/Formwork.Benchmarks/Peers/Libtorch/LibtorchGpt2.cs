using Formwork.Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>GPT-2's block in libtorch.</summary>
internal sealed class LibtorchGpt2 : LibtorchDecoder
{
    private readonly Tensor _positions;
    private readonly Tensor _finalGain;
    private readonly Tensor _finalBias;
    private readonly Parts[] _layers;

    public LibtorchGpt2(DecoderShape shape, int capacity)
        : base(shape, capacity)
    {
        Unembedding = Weight("embedding.token", shape.Vocabulary, shape.Width);
        _positions = Weight("embedding.position", shape.Context, shape.Width);
        _finalGain = Vector("final_norm.weight", shape.Width);
        _finalBias = Vector("final_norm.bias", shape.Width);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(NewLayer)];
    }

    protected override Tensor Unembedding { get; }

    protected override Tensor Embed(Tensor tokens, int position) =>
        Unembedding.index_select(0, tokens) + _positions.narrow(0, position, tokens.shape[0]);

    protected override Tensor Layer(int layer, Tensor stream, int position)
    {
        var parts = _layers[layer];
        var tokens = stream.shape[1];

        var normed = Norm(stream, parts.AttentionGain, parts.AttentionBias);
        var projected = linear(normed, parts.QueryKeyValue, parts.QueryKeyValueBias).split(Shape.Width, 2);
        var mixed = Attend(layer, Heads(projected[0]), Heads(projected[1]), Heads(projected[2]), position);
        stream = stream.add(linear(mixed, parts.Output, parts.OutputBias));

        normed = Norm(stream, parts.FeedForwardGain, parts.FeedForwardBias);
        var raised = gelu(linear(normed, parts.Up, parts.UpBias), TorchSharp.Modules.GELU.Approximate.tanh, inplace: true);
        return stream.add(linear(raised, parts.Down, parts.DownBias));

        Tensor Heads(Tensor part) => part.view(1, tokens, Shape.Heads, Shape.HeadWidth).transpose(1, 2);
    }

    protected override Tensor FinalNorm(Tensor stream) => Norm(stream, _finalGain, _finalBias);

    private Tensor Norm(Tensor stream, Tensor gain, Tensor bias) => layer_norm(stream, [Shape.Width], gain, bias, Shape.Epsilon);

    private Parts NewLayer(int layer)
    {
        int width = Shape.Width, feedForward = Shape.FeedForwardWidth;
        string attention = $"layers.{layer}.attention", forward = $"layers.{layer}.feed_forward";
        return new Parts(
            Vector($"{attention}.norm.weight", width),
            Vector($"{attention}.norm.bias", width),
            Fused(($"{attention}.query.weight", width, width), ($"{attention}.key.weight", width, width), ($"{attention}.value.weight", width, width)),
            Fused(($"{attention}.query.bias", width, 1), ($"{attention}.key.bias", width, 1), ($"{attention}.value.bias", width, 1)),
            Weight($"{attention}.output.weight", width, width),
            Vector($"{attention}.output.bias", width),
            Vector($"{forward}.norm.weight", width),
            Vector($"{forward}.norm.bias", width),
            Weight($"{forward}.up.weight", feedForward, width),
            Vector($"{forward}.up.bias", feedForward),
            Weight($"{forward}.down.weight", width, feedForward),
            Vector($"{forward}.down.bias", width));
    }

    private sealed record Parts(
        Tensor AttentionGain,
        Tensor AttentionBias,
        Tensor QueryKeyValue,
        Tensor QueryKeyValueBias,
        Tensor Output,
        Tensor OutputBias,
        Tensor FeedForwardGain,
        Tensor FeedForwardBias,
        Tensor Up,
        Tensor UpBias,
        Tensor Down,
        Tensor DownBias);
}
