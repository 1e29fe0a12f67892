using Formwork.Compiler.Spec;

namespace Formwork.Benchmarks.Workloads;

/// <summary>What a peer needs to know to build the Transformer of Vaswani et al. (2017), and what a step of its decoder reads.</summary>
public sealed record TranslatorShape(
    string Name, int Vocabulary, int Width, int EncoderLayers, int DecoderLayers, int Heads, int FeedForwardWidth, double EmbeddingScale, double PositionBase, double Epsilon)
{
    /// <summary>The shape of a spec in <c>models/families/</c>, whose name it has in the tables too.</summary>
    /// <exception cref="NotSupportedException">The peers are not written for such a model.</exception>
    public static TranslatorShape Load(string name)
    {
        var model = ModelFiles.Spec(ModelFiles.Family(name));
        var (encoder, decoder) = (model.Encoder!, model.Decoder!);
        var layer = decoder.Layers[0];
        var isTransformer = decoder.Positions is { Kind: PositionKind.Sinusoidal, Arrangement: SinusoidalArrangement.Interleaved, Spacing: SinusoidalSpacing.Open }
            && layer is { Placement: NormPlacement.Post, Norm.Kind: NormKind.Layer, Attention.QueryBias: true }
            && layer.FeedForward is { Activation: Activation.Relu, Gated: false }
            && model.Embedding.Shared && model.Unembedding is { Tied: true, Bias: false };
        if (!isTransformer)
            throw new NotSupportedException($"{name}: the peers are written for the Transformer's block");
        return new TranslatorShape(
            name,
            model.Vocabulary,
            model.Width,
            encoder.Layers.Count,
            decoder.Layers.Count,
            layer.Attention.Heads,
            layer.FeedForward.Width,
            model.Embedding.Scale,
            decoder.Positions.Base,
            layer.Norm.Epsilon);
    }

    /// <summary>Bytes of float32 weights that a step reads: the decoder's matrices and the unembedding, once for all targets.</summary>
    /// <remarks>Of cross-attention only query and output: the source's keys and values are there already.</remarks>
    public long StepWeightBytes =>
        sizeof(float) * (DecoderLayers * (6L * Width * Width + 2L * Width * FeedForwardWidth) + (long)Vocabulary * Width);

    /// <summary>Bytes of float32 keys and values that a step at <paramref name="position"/> reads: each target's own, and the source's once for all its targets.</summary>
    public long StepCacheBytes(int targets, int position, int sourceTokens) =>
        2L * sizeof(float) * DecoderLayers * Width * (targets * (position + 1L) + sourceTokens);
}
