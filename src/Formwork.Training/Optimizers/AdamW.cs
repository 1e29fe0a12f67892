using System.Numerics;
using System.Runtime.CompilerServices;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;

namespace Formwork.Training.Optimizers;

/// <summary>
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← (1 − ηλ)w − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε), in one walk that reads and writes each
/// of the four once; 28 bytes a weight.
/// </summary>
internal sealed unsafe class AdamW(AdamWOptions options, long floats, IReadOnlyList<WeightChunk> chunks) : Optimizer
{
    private readonly NativeBuffer _mean = new(floats, filled: true);
    private readonly NativeBuffer _square = new(floats, filled: true);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, NativeBuffer Values)> State => [("adamw.mean", _mean), ("adamw.square", _square)];

    /// <inheritdoc/>
    public override void Step(in OptimizerStep step, Worker worker)
    {
        double learningRate = step.LearningRate;
        var factors = new Factors
        {
            Gradient = step.GradientFactor,
            KeptMean = (float)options.Beta1,
            NewMean = (float)(1 - options.Beta1),
            KeptSquare = (float)options.Beta2,
            NewSquare = (float)(1 - options.Beta2),
            Rate = (float)(learningRate / (1 - Math.Pow(options.Beta1, step.Number))),
            Root = (float)(1 / Math.Sqrt(1 - Math.Pow(options.Beta2, step.Number))),
            Epsilon = (float)options.Epsilon,
        };
        (int first, int end) = worker.Share(chunks.Count);
        for (int i = first; i < end; i++)
        {
            WeightChunk chunk = chunks[i];
            factors.KeptWeight = chunk.IsMatrix ? (float)(1 - learningRate * options.WeightDecay) : 1;
            Walk(step.Weights + chunk.First, step.Gradients + chunk.First, _mean.Pointer + chunk.First, _square.Pointer + chunk.First, chunk.Count, factors);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Walk(float* weights, float* gradients, float* means, float* squares, int count, in Factors factors)
    {
        Vector<float> factor = new(factors.Gradient), keptMean = new(factors.KeptMean), newMean = new(factors.NewMean);
        Vector<float> keptSquare = new(factors.KeptSquare), newSquare = new(factors.NewSquare), kept = new(factors.KeptWeight);
        Vector<float> rate = new(factors.Rate), root = new(factors.Root), epsilon = new(factors.Epsilon);
        // Chunks are multiples of 16 floats, the widest vector there is.
        for (int i = 0; i < count; i += Vector<float>.Count)
        {
            Vector<float> gradient = Vector.Load(gradients + i) * factor;
            Vector<float> mean = keptMean * Vector.Load(means + i) + newMean * gradient;
            Vector<float> square = keptSquare * Vector.Load(squares + i) + newSquare * (gradient * gradient);
            Vector<float> weight = kept * Vector.Load(weights + i) - rate * mean / (Vector.SquareRoot(square) * root + epsilon);
            mean.Store(means + i);
            square.Store(squares + i);
            weight.Store(weights + i);
            Vector<float>.Zero.Store(gradients + i);
        }
    }

    private struct Factors
    {
        public float Gradient, KeptMean, NewMean, KeptSquare, NewSquare, KeptWeight, Rate, Root, Epsilon;
    }
}
