using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>
/// The Transformer of Vaswani et al. (2017) in libtorch: the targets' key/value caches allocated once, the source's cross-attention keys and
/// values computed once.
/// </summary>
internal sealed class LibtorchTransformer : LibtorchPostNorm, ITranslatorContender
{
    private readonly TranslatorShape _shape;
    private readonly Tensor _embedding;
    private readonly Tensor _positions;
    private readonly LibtorchEncoderLayer[] _encoder;
    private readonly LibtorchDecoderLayer[] _decoder;
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;
    private readonly Tensor[] _sourceKeys;
    private readonly Tensor[] _sourceValues;
    private float[] _logits = [];
    private int _targets;
    private int _position;

    private LibtorchTransformer(TranslatorShape shape, int targets, int sourceTokens, int capacity)
        : base(shape.Width, shape.Heads, shape.FeedForwardWidth, shape.Epsilon)
    {
        _shape = shape;
        _embedding = Weight("embedding.token", shape.Vocabulary, shape.Width);
        _positions = Keep(LibtorchSinusoids.Table(Math.Max(sourceTokens, capacity), shape.Width, shape.PositionBase));
        _encoder = [.. Enumerable.Range(0, shape.EncoderLayers).Select(layer => NewEncoderLayer($"encoder.layers.{layer}"))];
        _decoder = [.. Enumerable.Range(0, shape.DecoderLayers).Select(layer => NewDecoderLayer($"decoder.layers.{layer}"))];
        (_keys, _values) = (NewCache(targets, capacity), NewCache(targets, capacity));
        (_sourceKeys, _sourceValues) = (NewCache(1, sourceTokens), NewCache(1, sourceTokens));

        Tensor[] NewCache(int sequences, int tokens) => [.. _decoder.Select(_ => Keep(zeros(sequences, shape.Heads, tokens, HeadWidth)))];
    }

    /// <summary>A model of the shape with the random weights that all contenders have.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="targets">The most targets of a source.</param>
    /// <param name="sourceTokens">Tokens of every source.</param>
    /// <param name="capacity">The most tokens of a target.</param>
    public static LibtorchTransformer Create(TranslatorShape shape, int targets, int sourceTokens, int capacity)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        return new LibtorchTransformer(shape, targets, sourceTokens, capacity);
    }

    /// <inheritdoc/>
    public void Begin(int[] source, int targets)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();

        var stream = Embed(source).add_(_positions.narrow(0, 0, source.Length)).unsqueeze(0);
        foreach (var layer in _encoder)
            stream = EncoderLayer(stream, layer);
        for (var layer = 0; layer < _decoder.Length; layer++)
        {
            var projected = linear(stream, _decoder[layer].SourceKeyValue, _decoder[layer].SourceKeyValueBias).split(Width, 2);
            _sourceKeys[layer].copy_(Heads(projected[0]));
            _sourceValues[layer].copy_(Heads(projected[1]));
        }

        (_targets, _position) = (targets, 0);
        _logits = new float[targets * _shape.Vocabulary];
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<int> tokens)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();

        var stream = Embed(tokens.ToArray()).add_(_positions.narrow(0, _position, 1)).unsqueeze(1);
        for (var layer = 0; layer < _decoder.Length; layer++)
        {
            var parts = _decoder[layer];
            stream = Close(stream, AttendTarget(stream, parts.Attention, layer), parts.Attention);
            stream = Close(stream, AttendSource(stream, parts.CrossAttention, layer), parts.CrossAttention);
            stream = FeedForward(stream, parts.FeedForward);
        }

        _position++;
        linear(stream, _embedding).data<float>().CopyTo(_logits);
    }

    /// <inheritdoc/>
    public float[] Logits() => [.. _logits];

    /// <inheritdoc/>
    protected override Tensor Activate(Tensor raised) => relu(raised, inplace: true);

    private Tensor Embed(int[] tokens) => _embedding.index_select(0, tensor(tokens)).mul_(_shape.EmbeddingScale);

    // (targets, 1, width) each way; each target has its own cache.
    private Tensor AttendTarget(Tensor stream, LibtorchAttention attention, int layer)
    {
        var projected = linear(stream, attention.Projection, attention.ProjectionBias).split(Width, 2);
        var (keys, values) = (_keys[layer].narrow(0, 0, _targets), _values[layer].narrow(0, 0, _targets));
        keys.narrow(2, _position, 1).copy_(Heads(projected[1]));
        values.narrow(2, _position, 1).copy_(Heads(projected[2]));
        return Join(scaled_dot_product_attention(Heads(projected[0]), keys.narrow(2, 0, _position + 1), values.narrow(2, 0, _position + 1)));
    }

    // All targets meet the same source: as rows of one sequence its keys and values need not be copied for each.
    private Tensor AttendSource(Tensor stream, LibtorchAttention attention, int layer)
    {
        var query = linear(stream, attention.Projection, attention.ProjectionBias).view(1, _targets, Width);
        return Join(scaled_dot_product_attention(Heads(query), _sourceKeys[layer], _sourceValues[layer])).view(_targets, 1, Width);
    }
}
