using Formwork.Compiler.Planning;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Attention over the rows of a ragged batch, in the forward pass of training: online softmax (Milakov and Gimelshein 2018; Dao et al. 2022)
/// over blocks of positions, which also gives each row's log Σ exp(score), from which the backward pass makes the weights again.
/// </summary>
/// <param name="Shape">What it does.</param>
public sealed partial record AttentionTrainingKernel(AttentionShape Shape) : Kernel
{
    /// <summary>Queries whose scores exist at a time.</summary>
    internal const int QueryBlock = 32;

    /// <summary>Positions whose scores exist at a time.</summary>
    internal const int PositionBlock = 64;

    public override string Name => "Training" + Shape.Name;

    public override string Formula => $"y[rows, {Shape.Heads * Shape.ValueWidth}] = {(Shape.Drops ? "dropout(" : "")}softmax({Shape.Scores}){(Shape.Drops ? ")" : "")}·v, and log Σ exp(score): {Shape.HeadWords}";

    public override long ScratchFloats => Buffers.Floats;

    private AttentionBuffers Buffers => new AttentionBuffers()
        .With("keyRows", AttentionBuffers.Rows(Shape.Context) * Padded(Shape.HeadWidth))
        .With("valueRows", AttentionBuffers.Rows(Shape.Context) * Padded(Shape.ValueWidth))
        .With("queryPanels", QueryBlock * Shape.HeadWidth)
        .With("scores", PositionBlock * QueryBlock)
        .With("attended", QueryBlock * Padded(Shape.ValueWidth))
        .With("maxima", QueryBlock)
        .With("sums", QueryBlock)
        .With("factors", QueryBlock)
        .With("biases", Shape.Distances ? AttentionBuffers.Distances(Shape.Context) : 0);
}
