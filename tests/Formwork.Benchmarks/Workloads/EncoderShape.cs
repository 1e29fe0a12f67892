using Formwork.Compiler.Spec;

namespace Formwork.Benchmarks.Workloads;

/// <summary>What a peer needs to know to build an encoder as BERT's (Devlin et al. 2019), and what its work costs.</summary>
public sealed record EncoderShape(
    string Name, int Vocabulary, int Context, int TokenTypes, int Width, int Layers, int Heads, int FeedForwardWidth, double Epsilon)
{
    /// <summary>The shape of a spec in <c>models/families/</c>.</summary>
    /// <param name="name">The shape's name in the tables.</param>
    /// <param name="spec">The spec's name.</param>
    /// <exception cref="NotSupportedException">The peers are not written for such a model.</exception>
    public static EncoderShape Load(string name, string spec)
    {
        var model = ModelFiles.Spec(ModelFiles.Family(spec));
        var layer = model.Encoder!.Layers[0];
        var isBert = model.Decoder is null && model.Encoder.Positions.Kind == PositionKind.Learned && model.Encoder.EmbeddingNorm is not null
            && layer is { Placement: NormPlacement.Post, Norm.Kind: NormKind.Layer, Attention.QueryBias: true }
            && layer.FeedForward is { Activation: Activation.Gelu, Gated: false };
        if (!isBert)
            throw new NotSupportedException($"{spec}: the peers are written for BERT's block");
        return new EncoderShape(
            name,
            model.Vocabulary,
            model.Encoder.Context,
            model.Embedding.TokenTypes,
            model.Width,
            model.Encoder.Layers.Count,
            layer.Attention.Heads,
            layer.FeedForward.Width,
            layer.Norm.Epsilon);
    }

    /// <summary>Numbers in the matrices of all layers, each of which meets each token once.</summary>
    public long MatrixSize => Layers * (4L * Width * Width + 2L * Width * FeedForwardWidth);

    /// <summary>Floating-point operations of one sequence's states; a multiply-add is two.</summary>
    /// <remarks>Attention both ways: each token meets all, once for the scores and once for the values.</remarks>
    public double Flops(int tokens) => 2.0 * tokens * MatrixSize + 4.0 * tokens * tokens * Layers * Width;
}
