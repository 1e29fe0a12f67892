using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>BERT's encoder in libtorch.</summary>
internal sealed class LibtorchBert : LibtorchPostNorm, IEncoderContender
{
    private readonly Tensor _tokens;
    private readonly Tensor _positions;
    private readonly Tensor _types;
    private readonly Tensor _gain;
    private readonly Tensor _bias;
    private readonly LibtorchEncoderLayer[] _layers;
    private Tensor? _states;

    private LibtorchBert(EncoderShape shape)
        : base(shape.Width, shape.Heads, shape.FeedForwardWidth, shape.Epsilon)
    {
        _tokens = Weight("embedding.token", shape.Vocabulary, shape.Width);
        _positions = Weight("embedding.position", shape.Context, shape.Width);
        _types = Weight("embedding.token_type", shape.TokenTypes, shape.Width);
        _gain = Vector("embedding.norm.weight", shape.Width);
        _bias = Vector("embedding.norm.bias", shape.Width);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(layer => NewEncoderLayer($"layers.{layer}"))];
    }

    /// <summary>An encoder of the shape with the random weights that all contenders have.</summary>
    public static LibtorchBert Create(EncoderShape shape)
    {
        using var _ = inference_mode();
        return new LibtorchBert(shape);
    }

    /// <inheritdoc/>
    public void Encode(IReadOnlyList<int[]> sequences)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();

        int count = sequences.Count, length = sequences[0].Length;
        var tokens = tensor(sequences.SelectMany(sequence => sequence).ToArray());
        var stream = _tokens.index_select(0, tokens).view(count, length, Width);
        // All tokens are of type 0.
        stream = Norm(stream.add_(_positions.narrow(0, 0, length)).add_(_types.narrow(0, 0, 1)), _gain, _bias);
        foreach (var layer in _layers)
            stream = EncoderLayer(stream, layer);

        _states?.Dispose();
        _states = stream.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public float[] States()
    {
        using var states = _states ?? throw new InvalidOperationException("nothing was encoded");
        _states = null;
        return states.data<float>().ToArray();
    }

    /// <inheritdoc/>
    protected override Tensor Activate(Tensor raised) => gelu(raised, inplace: true);
}
