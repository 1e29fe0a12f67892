using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Planning.Training;

/// <summary>How a training pass is computed.</summary>
/// <param name="Graph">What is computed.</param>
/// <param name="Inference">The plan of the passes that infer, whose weights and tables are used and changed in place.</param>
/// <param name="Steps">All steps in order.</param>
/// <param name="Buffers">All buffers.</param>
public sealed record TrainingPlan(TrainingGraph Graph, ModelPlan Inference, IReadOnlyList<TrainingStep> Steps, IReadOnlyList<TrainingBuffer> Buffers)
{
    // A chunk of the head: enough rows for its products to be fast, and logits that do not outgrow the caches by far.
    private const int LeastHeadRows = 256, MostHeadRows = 1024, HeadFloats = 1 << 22;

    /// <summary>Floats of activations and gradients a row of the target.</summary>
    public int RowFloats => Floats(TrainingMemory.Target);

    /// <summary>The same of the source.</summary>
    public int SourceRowFloats => Floats(TrainingMemory.Source);

    /// <summary>The same of the head.</summary>
    public int HeadRowFloats => Floats(TrainingMemory.Head);

    /// <summary>Rows that the head is computed for at a time.</summary>
    public int HeadRows => Math.Min(Math.Max(HeadFloats / Kernel.Padded(Graph.Logits.Shape.Width), LeastHeadRows), MostHeadRows);

    /// <summary>Floats of scratch of each worker.</summary>
    public long ScratchFloats => Steps.Max(step => step.Kernel.ScratchFloats);

    /// <summary>Floats of shared scratch for each 64 rows.</summary>
    public int SharedFloats => Steps.Max(step => step.Kernel.SharedFloats);

    /// <summary>The kernels that the passes which infer do not have, once each.</summary>
    public IEnumerable<Kernel> Kernels => Steps.SelectMany(step => step.Kernel.WithUsed).Distinct().Except(Inference.Kernels);

    /// <summary>Floating-point operations of the products of one token, forward and backward.</summary>
    public long FlopsPerToken => Steps.Sum(step => step.Kernel.FlopsPerRow);

    /// <summary>Floats of activations, what flows back among them, of a batch with so many rows of the target and, where there is one, of the source.</summary>
    public long ActivationFloats(long rows) => rows * (RowFloats + SourceRowFloats);

    /// <summary>Floats of the head of a batch with so many rows.</summary>
    public long HeadFloatsOf(long rows) => (long)HeadRowFloats * Math.Min(HeadRows, rows);

    private int Floats(TrainingMemory memory) =>
        Buffers.Where(buffer => buffer.Memory == memory).Select(buffer => buffer.Place.Offset + buffer.Place.Stride).DefaultIfEmpty(0).Max();
}
