using Formwork.Compiler.Spec;

namespace Formwork.Benchmarks.Workloads;

/// <summary>The blocks that the peers are written for.</summary>
public enum DecoderFamily
{
    /// <summary>Layer norm with bias, learned positions, plain feed-forward with gelu (tanh), biases everywhere, tied unembedding.</summary>
    Gpt2,

    /// <summary>RMS norm, rotary positions (half pairing), grouped queries, feed-forward gated by silu, no biases.</summary>
    Llama,
}

/// <summary>What a peer needs to know to build a model of the same shape, and what its work costs.</summary>
public sealed record DecoderShape(
    string Name,
    DecoderFamily Family,
    int Vocabulary,
    int Context,
    int Width,
    int Layers,
    int Heads,
    int KeyValueHeads,
    int HeadWidth,
    int FeedForwardWidth,
    bool Tied,
    float Epsilon,
    float RotaryBase)
{
    /// <summary>The shape of a spec in <c>models/</c>.</summary>
    /// <exception cref="NotSupportedException">The peers are not written for such a model.</exception>
    public static DecoderShape Load(string name)
    {
        var spec = ModelFiles.Spec(ModelFiles.Text(name));
        var stack = spec.Decoder!;
        var layer = stack.Layers[0];
        var (attention, feedForward) = (layer.Attention, layer.FeedForward);
        DecoderFamily family = (layer.Norm.Kind, feedForward.Activation, feedForward.Gated, stack.Positions.Kind, attention.Rotary?.Pairing) switch
        {
            (NormKind.Layer, Activation.GeluTanh, false, PositionKind.Learned, null) when attention.QueryBias && spec.Unembedding!.Tied => DecoderFamily.Gpt2,
            (NormKind.Rms, Activation.Silu, true, PositionKind.None, RotaryPairing.Half) when !attention.QueryBias => DecoderFamily.Llama,
            _ => throw new NotSupportedException($"{name}: the peers are written for the blocks of GPT-2 and Llama"),
        };
        return new DecoderShape(
            name,
            family,
            spec.Vocabulary,
            stack.Context,
            spec.Width,
            stack.Layers.Count,
            attention.Heads,
            attention.KeyValueHeads,
            attention.HeadWidth,
            feedForward.Width,
            spec.Unembedding!.Tied,
            (float)layer.Norm.Epsilon,
            (float)(attention.Rotary?.Base ?? 0));
    }

    /// <summary>Width of all query heads together.</summary>
    public int QueryWidth => Heads * HeadWidth;

    /// <summary>Width of all key heads, or all value heads, together.</summary>
    public int KeyValueWidth => KeyValueHeads * HeadWidth;

    /// <summary>Numbers in the matrices of one layer, each of which meets each token once.</summary>
    public long LayerMatrixSize =>
        (long)Width * (2 * QueryWidth + 2 * KeyValueWidth) + (long)Width * FeedForwardWidth * (Family == DecoderFamily.Llama ? 3 : 2);

    /// <summary>Numbers in the unembedding, tied or not.</summary>
    public long UnembeddingSize => (long)Vocabulary * Width;

    /// <summary>Bytes of float32 weights that one decoding step reads: every matrix once. Norms, biases and one embedding row are left out as too small to matter.</summary>
    public long DecodingWeightBytes => sizeof(float) * (Layers * LayerMatrixSize + UnembeddingSize);

    /// <summary>Bytes of float32 keys and values that one decoding step reads at <paramref name="position"/>.</summary>
    public long DecodingCacheBytes(int position) => 2L * sizeof(float) * Layers * KeyValueWidth * (position + 1);

    /// <summary>Floating-point operations of one pass over <paramref name="tokens"/> tokens from an empty cache, with the last token's logits only.</summary>
    /// <remarks>A multiply-add is two. Causal attention: each token meets itself and those before it, once for the scores and once for the values.</remarks>
    public double PrefillFlops(int tokens)
    {
        var pairs = tokens * (tokens + 1.0) / 2;
        return 2.0 * tokens * Layers * LayerMatrixSize + 2.0 * UnembeddingSize + 4.0 * pairs * Layers * QueryWidth;
    }
}
