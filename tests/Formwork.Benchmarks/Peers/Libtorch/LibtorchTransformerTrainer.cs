using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>
/// The Transformer of Vaswani et al. (2017) that learns from a batch padded to its longest sequences; padded tokens are masked where a source is
/// read, and have no loss.
/// </summary>
internal sealed class LibtorchTransformerTrainer : LibtorchPostNorm, ITrainingContender
{
    private const int Ignored = -100;

    private readonly TrainingRow _row;
    private readonly Tensor _embedding;
    private readonly TorchSharp.Modules.Embedding _lookup;
    private readonly Tensor _positions;
    private readonly LibtorchEncoderLayer[] _encoder;
    private readonly LibtorchDecoderLayer[] _decoder;
    private readonly Tensor _sources;
    private readonly Tensor _sourceMask;
    private readonly Tensor _tokens;
    private readonly Tensor _targets;
    private readonly LibtorchLearner _learner;
    private bool _dropping;

    /// <summary>A model of the row's shape with the random weights that all contenders have.</summary>
    public LibtorchTransformerTrainer(TrainingRow row)
        : base(row.Shape.Width, row.Shape.Heads, row.Shape.FeedForwardWidth, row.Shape.Epsilon)
    {
        using var scope = NewDisposeScope();
        _row = row;
        var (shape, sample) = (row.Shape, row.Sample);
        _embedding = Weight("embedding.token", shape.Vocabulary, shape.Width);
        _lookup = nn.Embedding_from_pretrained(_embedding, freeze: false);
        _encoder = [.. Enumerable.Range(0, shape.EncoderLayers).Select(layer => NewEncoderLayer($"encoder.layers.{layer}"))];
        _decoder = [.. Enumerable.Range(0, shape.Layers).Select(layer => NewDecoderLayer($"decoder.layers.{layer}"))];
        _learner = new LibtorchLearner(Weights, Loss, TrainingRow.Optimizer, TrainingRow.ClippedNorm);

        _positions = Keep(LibtorchSinusoids.Table(Math.Max(sample.Lengths.Max(), sample.SourceLengths.Max()), Width, shape.PositionBase));
        _sources = Padded(sample.Sources, sample.SourceLengths, 0);
        _tokens = Padded(sample.Tokens, sample.Lengths, 0);
        _targets = Padded(sample.Targets, sample.Lengths, Ignored);
        _sourceMask = Keep(LibtorchPadding.Mask(sample.SourceLengths));
    }

    /// <inheritdoc/>
    public TrainingCheck Check() => _learner.Check();

    /// <inheritdoc/>
    public TrainingTurn Step() => _learner.Step(TrainingRow.LearningRate);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _learner.Dispose();
        _lookup.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Tensor Activate(Tensor raised) => relu(raised, inplace: true);

    /// <inheritdoc/>
    protected override Tensor Drop(Tensor part) => _dropping ? dropout(part, _row.Shape.Dropout) : part;

    private Tensor Loss(bool dropping)
    {
        _dropping = dropping;
        var source = Embed(_sources);
        foreach (var layer in _encoder)
            source = Scoped(source, stream => EncoderLayer(stream, layer, _sourceMask));
        var target = Embed(_tokens);
        foreach (var layer in _decoder)
            target = Scoped(target, stream => DecoderLayer(stream, source, layer));
        using var logits = linear(target, _embedding);
        return cross_entropy(logits.view(-1, _row.Shape.Vocabulary), _targets.view(-1), ignore_index: Ignored, label_smoothing: _row.LabelSmoothing);
    }

    // Nothing lives longer than the backward pass wants it.
    private static Tensor Scoped(Tensor stream, Func<Tensor, Tensor> layer)
    {
        using var scope = NewDisposeScope();
        return layer(stream).MoveToOuterDisposeScope();
    }

    private Tensor DecoderLayer(Tensor stream, Tensor source, LibtorchDecoderLayer layer)
    {
        var own = linear(stream, layer.Attention.Projection, layer.Attention.ProjectionBias).split(Width, 2);
        stream = Close(stream, Join(scaled_dot_product_attention(Heads(own[0]), Heads(own[1]), Heads(own[2]), is_casual: true)), layer.Attention);
        var query = linear(stream, layer.CrossAttention.Projection, layer.CrossAttention.ProjectionBias);
        var read = linear(source, layer.SourceKeyValue, layer.SourceKeyValueBias).split(Width, 2);
        stream = Close(stream, Join(scaled_dot_product_attention(Heads(query), Heads(read[0]), Heads(read[1]), _sourceMask)), layer.CrossAttention);
        return FeedForward(stream, layer.FeedForward);
    }

    private Tensor Padded(int[] tokens, int[] lengths, int padding) => Keep(LibtorchPadding.Pad(tokens, lengths, padding));

    private Tensor Embed(Tensor tokens) =>
        Drop(_lookup.call(tokens).mul_(_row.Shape.EmbeddingScale).add_(_positions.narrow(0, 0, tokens.shape[1])));
}
