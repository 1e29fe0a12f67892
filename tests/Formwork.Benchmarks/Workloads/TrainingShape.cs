using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.TestSupport;

namespace Formwork.Benchmarks.Workloads;

/// <summary>What a peer needs to know to train a model of the same shape, and what its work costs.</summary>
/// <param name="Name">The spec's name in <c>Workloads/Training/</c>.</param>
/// <param name="Vocabulary">Token ids.</param>
/// <param name="Context">Positions.</param>
/// <param name="Width">Width of the residual stream.</param>
/// <param name="EncoderLayers">Layers that read the source; 0 for a model of one stack.</param>
/// <param name="Layers">Layers that read the target.</param>
/// <param name="Heads">Heads.</param>
/// <param name="FeedForwardWidth">Width of the feed-forward part.</param>
/// <param name="Activation">Its activation.</param>
/// <param name="Biased">Whether projections and norms have biases.</param>
/// <param name="Epsilon">The norms' epsilon.</param>
/// <param name="EmbeddingScale">What embeddings are multiplied by.</param>
/// <param name="PositionBase">The base of sinusoidal positions.</param>
/// <param name="Dropout">Dropout of the embedding and of each part's output.</param>
public sealed record TrainingShape(
    string Name,
    int Vocabulary,
    int Context,
    int Width,
    int EncoderLayers,
    int Layers,
    int Heads,
    int FeedForwardWidth,
    Activation Activation,
    bool Biased,
    double Epsilon,
    double EmbeddingScale,
    double PositionBase,
    double Dropout)
{
    /// <summary>Width of a head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>The shape of a spec in <c>Workloads/Training/</c>.</summary>
    /// <exception cref="NotSupportedException">The peers are not written for such a model.</exception>
    public static TrainingShape Load(string name)
    {
        var file = $"{name}.model.yaml";
        var path = Path.Combine(TestData.Repository, "tests", "Formwork.Benchmarks", "Workloads", "Training", file);
        return Of(ModelFiles.Spec(new ModelText(file, File.ReadAllText(path))), name);
    }

    /// <summary>The shape of a spec.</summary>
    /// <exception cref="NotSupportedException">The peers are not written for such a model.</exception>
    public static TrainingShape Of(ModelSpec spec, string? name = null)
    {
        name ??= spec.Name;
        var decoder = spec.Decoder!;
        var layer = decoder.Layers[0];
        var training = spec.Training!;
        var isGpt = spec.Encoder is null && decoder.Positions.Kind == PositionKind.Learned && layer.Placement == NormPlacement.Pre
            && layer.FeedForward.Activation is Activation.Gelu or Activation.GeluTanh && training == new TrainingSpec();
        var isTransformer = spec.Encoder is not null && decoder.Positions.Kind == PositionKind.Sinusoidal && layer.Placement == NormPlacement.Post
            && layer.FeedForward.Activation == Activation.Relu && spec.Embedding.Shared
            && training == new TrainingSpec { EmbeddingDropout = training.EmbeddingDropout, ResidualDropout = training.EmbeddingDropout };
        if (!(isGpt || isTransformer) || layer.FeedForward.Gated || layer.Norm.Kind != NormKind.Layer || spec.Unembedding is not { Tied: true, Bias: false })
            throw new NotSupportedException($"{name}: the peers are written for the blocks of GPT-2 and of the Transformer");
        return new TrainingShape(
            name, spec.Vocabulary, decoder.Context, spec.Width, spec.Encoder?.Layers.Count ?? 0, decoder.Layers.Count, layer.Attention.Heads,
            layer.FeedForward.Width, layer.FeedForward.Activation, layer.Attention.QueryBias, layer.Norm.Epsilon, spec.Embedding.Scale,
            decoder.Positions.Base, training.EmbeddingDropout);
    }

    /// <summary>Floating-point operations of a step, the optimizer's left out; a multiply-add is two.</summary>
    /// <remarks>
    /// A backward pass has two products for each of the forward pass, one for the gradient of either factor. What is computed twice to save memory
    /// is not counted. Causal attention: each token meets itself and those before it, once for the scores and once for the values.
    /// </remarks>
    public double Flops(TrainingSample sample)
    {
        double rows = sample.Tokens.Length, sourceRows = sample.Sources.Length, square = (double)Width * Width;
        double layer = 4 * square + 2.0 * Width * FeedForwardWidth;
        double products = rows * (Layers * layer + (double)Vocabulary * Width) + sourceRows * EncoderLayers * layer;
        double pairs = 0;
        for (var i = 0; i < sample.Lengths.Length; i++)
        {
            double length = sample.Lengths[i], source = EncoderLayers > 0 ? sample.SourceLengths[i] : 0;
            pairs += Layers * (length * (length + 1) / 2 + length * source) + EncoderLayers * source * source;
        }

        // Cross-attention: query and output of the target's rows, key and value of the source's.
        if (EncoderLayers > 0)
            products += Layers * 2 * square * (rows + sourceRows);
        return 3 * (2 * products + 4 * pairs * Width);
    }
}
