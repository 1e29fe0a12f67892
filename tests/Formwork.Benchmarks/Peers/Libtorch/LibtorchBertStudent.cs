using Formwork.Compiler.Spec;
using Formwork.Training.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>A BERT of one token type that learns to fill masks; its head is computed for the masked tokens alone.</summary>
internal sealed class LibtorchBertStudent : LibtorchPostNorm, ILibtorchStudent
{
    private readonly double _dropout;
    private readonly Tensor _embedding;
    private readonly TorchSharp.Modules.Embedding _lookup;
    private readonly Tensor _positions;
    private readonly (Tensor Gain, Tensor Bias) _embeddingNorm;
    private readonly LibtorchEncoderLayer[] _layers;
    private readonly (Tensor Weight, Tensor Bias) _transform;
    private readonly (Tensor Gain, Tensor Bias) _headNorm;
    private readonly Tensor _headBias;
    private bool _dropping;

    /// <summary>A model of a spec with given values.</summary>
    public LibtorchBertStudent(ModelSpec spec, Func<string, int, int, float[]> values)
        : base(spec.Width, spec.Encoder!.Layers[0].Attention.Heads, spec.Encoder.Layers[0].FeedForward.Width, spec.Encoder.Layers[0].Norm.Epsilon, values)
    {
        using var scope = NewDisposeScope();
        _dropout = spec.Training!.ResidualDropout;
        _embedding = Weight("embedding.token", spec.Vocabulary, Width);
        _lookup = nn.Embedding_from_pretrained(_embedding, freeze: false);
        _positions = Weight("embedding.position", spec.Encoder.Context, Width);
        _embeddingNorm = (Vector("embedding.norm.weight", Width), Vector("embedding.norm.bias", Width));
        _layers = [.. Enumerable.Range(0, spec.Encoder.Layers.Count).Select(layer => NewEncoderLayer($"layers.{layer}"))];
        _transform = (Weight("unembedding.transform.weight", Width, Width), Vector("unembedding.transform.bias", Width));
        _headNorm = (Vector("unembedding.norm.weight", Width), Vector("unembedding.norm.bias", Width));
        _headBias = Vector("unembedding.bias", spec.Vocabulary);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Parameters => Weights;

    /// <inheritdoc/>
    public Tensor Logits(TrainingBatch batch, bool dropping)
    {
        using var scope = NewDisposeScope();
        _dropping = dropping;
        var (tokens, lengths, _) = batch.Target;
        var padded = LibtorchPadding.Pad(tokens, lengths, 0);
        var mask = lengths.Min() == lengths.Max() ? null : LibtorchPadding.Mask(lengths);
        var stream = Drop(Norm(_lookup.call(padded).add_(_positions.narrow(0, 0, padded.shape[1])), _embeddingNorm.Gain, _embeddingNorm.Bias));
        foreach (var layer in _layers)
            stream = EncoderLayer(stream, layer, mask);
        var chosen = stream.flatten(0, 1).index_select(0, LibtorchPadding.Rows(batch.OutputRows, lengths));
        var mapped = Norm(Activate(linear(chosen, _transform.Weight, _transform.Bias)), _headNorm.Gain, _headNorm.Bias);
        return linear(mapped, _embedding, _headBias).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _lookup.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Tensor Activate(Tensor raised) => gelu(raised);

    /// <inheritdoc/>
    protected override Tensor Drop(Tensor part) => _dropping ? dropout(part, _dropout) : part;
}
