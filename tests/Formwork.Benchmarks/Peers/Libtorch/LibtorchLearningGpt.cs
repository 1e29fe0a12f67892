using Formwork.Benchmarks.Workloads;
using Formwork.Compiler.Spec;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Gelu = TorchSharp.Modules.GELU.Approximate;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>GPT-2's block, with biases or without, that learns: as nanoGPT writes it.</summary>
internal abstract class LibtorchLearningGpt : LibtorchModel
{
    private readonly TrainingShape _shape;
    private readonly Tensor _embedding;
    private readonly TorchSharp.Modules.Embedding _lookup;
    private readonly Tensor _positions;
    private readonly Tensor _finalGain;
    private readonly Tensor? _finalBias;
    private readonly Parts[] _layers;

    /// <summary>A model of a shape.</summary>
    /// <inheritdoc cref="LibtorchModel(Func{string, int, int, float[]})"/>
    protected LibtorchLearningGpt(TrainingShape shape, Func<string, int, int, float[]>? values = null)
        : base(values)
    {
        using var scope = NewDisposeScope();
        _shape = shape;
        _embedding = Weight("embedding.token", _shape.Vocabulary, _shape.Width);
        _lookup = nn.Embedding_from_pretrained(_embedding, freeze: false);
        _positions = Weight("embedding.position", _shape.Context, _shape.Width);
        (_finalGain, _finalBias) = Norm("final_norm");
        _layers = [.. Enumerable.Range(0, _shape.Layers).Select(NewLayer)];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _lookup.Dispose();
        base.Dispose();
    }

    /// <summary>The logits of every token, (sequences, tokens, vocabulary), of as many ids.</summary>
    protected Tensor Logits(Tensor tokens)
    {
        var stream = _lookup.call(tokens).add_(_positions.narrow(0, 0, tokens.shape[1]));
        foreach (var layer in _layers)
            stream = FeedForward(Attention(stream, layer), layer);
        return linear(layer_norm(stream, [_shape.Width], _finalGain, _finalBias, _shape.Epsilon), _embedding);
    }

    // In a scope of its own, so that nothing lives longer than the backward pass wants it.
    private Tensor Attention(Tensor stream, Parts parts)
    {
        using var scope = NewDisposeScope();
        var normed = layer_norm(stream, [_shape.Width], parts.AttentionGain, parts.AttentionBias, _shape.Epsilon);
        var projected = linear(normed, parts.QueryKeyValue, parts.QueryKeyValueBias).split(_shape.Width, 2);
        var mixed = scaled_dot_product_attention(Heads(projected[0]), Heads(projected[1]), Heads(projected[2]), is_casual: true);
        var joined = mixed.transpose(1, 2).reshape(stream.shape);
        return linear(joined, parts.Output, parts.OutputBias).add_(stream).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor stream, Parts parts)
    {
        using var scope = NewDisposeScope();
        var normed = layer_norm(stream, [_shape.Width], parts.FeedForwardGain, parts.FeedForwardBias, _shape.Epsilon);
        var raised = gelu(linear(normed, parts.Up, parts.UpBias), _shape.Activation == Activation.GeluTanh ? Gelu.tanh : Gelu.none);
        return linear(raised, parts.Down, parts.DownBias).add_(stream).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor part) => part.view(part.shape[0], part.shape[1], _shape.Heads, _shape.HeadWidth).transpose(1, 2);

    private Parts NewLayer(int layer)
    {
        int width = _shape.Width, feedForward = _shape.FeedForwardWidth;
        string attention = $"layers.{layer}.attention", forward = $"layers.{layer}.feed_forward";
        var (attentionGain, attentionBias) = Norm($"{attention}.norm");
        var (forwardGain, forwardBias) = Norm($"{forward}.norm");
        return new Parts(
            attentionGain,
            attentionBias,
            Fused(($"{attention}.query.weight", width, width), ($"{attention}.key.weight", width, width), ($"{attention}.value.weight", width, width)),
            _shape.Biased ? Fused(($"{attention}.query.bias", width, 1), ($"{attention}.key.bias", width, 1), ($"{attention}.value.bias", width, 1)) : null,
            Weight($"{attention}.output.weight", width, width),
            Bias($"{attention}.output.bias", width),
            forwardGain,
            forwardBias,
            Weight($"{forward}.up.weight", feedForward, width),
            Bias($"{forward}.up.bias", feedForward),
            Weight($"{forward}.down.weight", width, feedForward),
            Bias($"{forward}.down.bias", width));
    }

    private (Tensor Gain, Tensor? Bias) Norm(string path) => (Vector($"{path}.weight", _shape.Width), Bias($"{path}.bias", _shape.Width));

    private Tensor? Bias(string parameter, int length) => _shape.Biased ? Vector(parameter, length) : null;

    private sealed record Parts(
        Tensor AttentionGain,
        Tensor? AttentionBias,
        Tensor QueryKeyValue,
        Tensor? QueryKeyValueBias,
        Tensor Output,
        Tensor? OutputBias,
        Tensor FeedForwardGain,
        Tensor? FeedForwardBias,
        Tensor Up,
        Tensor? UpBias,
        Tensor Down,
        Tensor? DownBias);
}
