using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;
using Formwork.Compiler.Spec;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Gelu = TorchSharp.Modules.GELU.Approximate;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>GPT-2's block, with biases or without, that learns: as nanoGPT writes it.</summary>
internal sealed class LibtorchGptTrainer : LibtorchModel, ITrainingContender
{
    private readonly TrainingShape _shape;
    private readonly Tensor _embedding;
    private readonly TorchSharp.Modules.Embedding _lookup;
    private readonly Tensor _positions;
    private readonly Tensor _finalGain;
    private readonly Tensor? _finalBias;
    private readonly Parts[] _layers;
    private readonly Tensor _tokens;
    private readonly Tensor _targets;
    private readonly LibtorchLearner _learner;

    /// <summary>A model of the row's shape with the random weights that all contenders have.</summary>
    public LibtorchGptTrainer(TrainingRow row)
    {
        using var scope = NewDisposeScope();
        _shape = row.Shape;
        _embedding = Weight("embedding.token", _shape.Vocabulary, _shape.Width);
        _lookup = nn.Embedding_from_pretrained(_embedding, freeze: false);
        _positions = Weight("embedding.position", _shape.Context, _shape.Width);
        (_finalGain, _finalBias) = Norm("final_norm");
        _layers = [.. Enumerable.Range(0, _shape.Layers).Select(NewLayer)];
        _learner = new LibtorchLearner(Weights, _ => Loss());
        var sample = row.Sample;
        _tokens = Keep(tensor(sample.Tokens, ScalarType.Int64).view(sample.Lengths.Length, sample.Lengths[0]));
        _targets = Keep(tensor(sample.Targets, ScalarType.Int64));
    }

    /// <inheritdoc/>
    public TrainingCheck Check() => _learner.Check();

    /// <inheritdoc/>
    public TrainingTurn Step() => _learner.Step();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _learner.Dispose();
        _lookup.Dispose();
        base.Dispose();
    }

    private Tensor Loss()
    {
        var stream = _lookup.call(_tokens).add_(_positions.narrow(0, 0, _tokens.shape[1]));
        foreach (var layer in _layers)
            stream = FeedForward(Attention(stream, layer), layer);
        var last = layer_norm(stream, [_shape.Width], _finalGain, _finalBias, _shape.Epsilon);
        using var logits = linear(last, _embedding);
        return cross_entropy(logits.view(-1, _shape.Vocabulary), _targets);
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
