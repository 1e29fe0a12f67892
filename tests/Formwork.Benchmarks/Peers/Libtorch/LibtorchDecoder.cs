using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>
/// A decoder written with libtorch's own operations, as its users write one for speed: query, key and value in one product, fused
/// attention, a key/value cache allocated once, inference mode.
/// </summary>
public abstract class LibtorchDecoder : LibtorchModel, IDecoderContender
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;
    private readonly float[] _logits;
    private int _position;

    /// <summary>Allocates the cache.</summary>
    /// <param name="shape">The model's shape.</param>
    /// <param name="capacity">The most tokens that the sequence will have.</param>
    protected LibtorchDecoder(DecoderShape shape, int capacity)
    {
        Shape = shape;
        _logits = new float[shape.Vocabulary];
        _keys = NewCache();
        _values = NewCache();

        Tensor[] NewCache() => [.. Enumerable.Range(0, shape.Layers).Select(_ => Keep(zeros(1, shape.KeyValueHeads, capacity, shape.HeadWidth)))];
    }

    /// <summary>The model's shape.</summary>
    protected DecoderShape Shape { get; }

    /// <summary>A decoder of the shape's family with the random weights that all contenders have.</summary>
    public static LibtorchDecoder Create(DecoderShape shape, int capacity)
    {
        using var _ = inference_mode();
        return shape.Family == DecoderFamily.Gpt2 ? new LibtorchGpt2(shape, capacity) : new LibtorchLlama(shape, capacity);
    }

    /// <inheritdoc/>
    public void Reset() => _position = 0;

    /// <inheritdoc/>
    public ReadOnlySpan<float> Step(int token) => Prefill([token]);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();

        var stream = Embed(tensor(tokens.ToArray()), _position).unsqueeze(0);
        for (var layer = 0; layer < Shape.Layers; layer++)
            stream = Layer(layer, stream, _position);
        _position += tokens.Length;

        var last = FinalNorm(stream.narrow(1, tokens.Length - 1, 1));
        linear(last, Unembedding).data<float>().CopyTo(_logits);
        return _logits;
    }

    /// <summary>(vocabulary, width).</summary>
    protected abstract Tensor Unembedding { get; }

    /// <summary>Tokens (tokens) to the start of the residual stream (tokens, width).</summary>
    protected abstract Tensor Embed(Tensor tokens, int position);

    /// <summary>One layer on the residual stream.</summary>
    protected abstract Tensor Layer(int layer, Tensor stream, int position);

    /// <summary>The norm before the unembedding.</summary>
    protected abstract Tensor FinalNorm(Tensor stream);

    /// <summary>Puts new keys and values into the cache and attends over all of it. (1, heads, tokens, head width) each; returns (1, tokens, query width).</summary>
    protected Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int position)
    {
        var tokens = query.shape[2];
        _keys[layer].narrow(2, position, tokens).copy_(key);
        _values[layer].narrow(2, position, tokens).copy_(value);
        var keys = _keys[layer].narrow(2, 0, position + tokens);
        var values = _values[layer].narrow(2, 0, position + tokens);

        var group = Shape.Heads / Shape.KeyValueHeads;
        if (tokens == 1)
        {
            // The heads of a group meet the same keys: as rows of one head nothing needs to be copied.
            var grouped = query.view(1, Shape.KeyValueHeads, group, Shape.HeadWidth);
            return scaled_dot_product_attention(grouped, keys, values).view(1, 1, Shape.QueryWidth);
        }

        if (position != 0)
            throw new NotSupportedException("several tokens after others need a mask; no row does that");
        var mixed = scaled_dot_product_attention(query, Repeat(keys, group), Repeat(values, group), is_casual: true);
        return mixed.transpose(1, 2).reshape(1, tokens, Shape.QueryWidth);
    }

    private static Tensor Repeat(Tensor heads, int group)
    {
        if (group == 1)
            return heads;
        var (count, tokens, width) = (heads.shape[1], heads.shape[2], heads.shape[3]);
        return heads.unsqueeze(2).expand(1, count, group, tokens, width).reshape(1, count * group, tokens, width);
    }
}
