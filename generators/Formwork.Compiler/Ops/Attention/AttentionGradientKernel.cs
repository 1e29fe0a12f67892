using Formwork.Compiler.Planning;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What flows back through attention (Dao 2023, FlashAttention-2, section 3.1.2, algorithm 2): weights P are made again from scores and
/// log-sums, tile by tile, and no score matrix is stored. With D = Σ d(y) ∘ y a row, dV = Pᵀ·d(y), dS = P ∘ (d(y)·vᵀ − D),
/// d(q) = scale · dS·k, d(k) = scale · dSᵀ·q. Gradients of queries, keys and values are written; those of sinks and of a learned table of
/// distances are added to.
/// </summary>
/// <param name="Shape">What the attention does.</param>
public sealed partial record AttentionGradientKernel(AttentionShape Shape) : Kernel
{
    /// <summary>Floats from one row of the queries' gradient to the next.</summary>
    public required int QueryGradientStride { get; init; }

    /// <summary>Floats from one row of the keys' gradient to the next.</summary>
    public required int KeyGradientStride { get; init; }

    /// <summary>Floats from one row of the values' gradient to the next.</summary>
    public required int ValueGradientStride { get; init; }

    /// <summary>Number of buckets of the learned table of distances, whose gradient is to be added to; 0 where none is learned.</summary>
    public int DistanceBuckets { get; init; }

    /// <summary>The distance from which on all share a bucket.</summary>
    public int DistanceMax { get; init; }

    private bool Learned => DistanceBuckets > 0;

    // Sums over all rows are made by one worker, in order.
    private bool ByHead => Shape.Sinks || Learned;

    public override string Name
    {
        get
        {
            string learned = Learned ? $"Buckets{DistanceBuckets}UpTo{DistanceMax}" : "";
            return $"{Shape.Name}GradientStrides{QueryGradientStride}And{KeyGradientStride}And{ValueGradientStride}{learned}";
        }
    }

    public override string Formula => $"gradient of {(Shape.Drops ? "dropout(" : "")}softmax({Shape.Scores}){(Shape.Drops ? ")" : "")}·v: {Shape.HeadWords}";

    public override long ScratchFloats => Buffers.Floats;

    private AttentionBuffers Buffers => new AttentionBuffers()
        .With("keyRows", AttentionBuffers.Rows(Shape.Context) * Padded(Shape.HeadWidth))
        .With("valueRows", AttentionBuffers.Rows(Shape.Context) * Padded(Shape.ValueWidth))
        .With("keySums", AttentionBuffers.Rows(Shape.Context) * Padded(Shape.HeadWidth))
        .With("valueSums", AttentionBuffers.Rows(Shape.Context) * Padded(Shape.ValueWidth))
        .With("queryRows", AttentionTrainingKernel.QueryBlock * Padded(Shape.HeadWidth))
        .With("outputRows", AttentionTrainingKernel.QueryBlock * Padded(Shape.ValueWidth))
        .With("querySums", AttentionTrainingKernel.QueryBlock * Padded(Shape.HeadWidth))
        .With("queryPanels", AttentionTrainingKernel.QueryBlock * Shape.HeadWidth)
        .With("outputPanels", AttentionTrainingKernel.QueryBlock * Shape.ValueWidth)
        .With("scores", AttentionTrainingKernel.PositionBlock * AttentionTrainingKernel.QueryBlock)
        .With("products", AttentionTrainingKernel.PositionBlock * AttentionTrainingKernel.QueryBlock)
        .With("logs", AttentionTrainingKernel.QueryBlock)
        .With("deltas", AttentionTrainingKernel.QueryBlock)
        .With("biases", Shape.Distances ? AttentionBuffers.Distances(Shape.Context) : 0)
        .With("distanceSums", Learned ? Shape.Group * AttentionBuffers.Distances(Shape.Context) : 0);
}
