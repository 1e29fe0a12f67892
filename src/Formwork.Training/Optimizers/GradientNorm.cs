using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Formwork.Runtime.Threading;

namespace Formwork.Training.Optimizers;

/// <summary>
/// √Σg² over all gradients, in float64. Each chunk is summed by itself and the chunks in order, so the result depends on nothing but the
/// gradients.
/// </summary>
internal sealed unsafe class GradientNorm(IReadOnlyList<WeightChunk> chunks)
{
    private readonly double[] _sums = new double[chunks.Count];

    /// <summary>Sums this worker's chunks; every worker calls it.</summary>
    public void Sum(float* gradients, Worker worker)
    {
        (int first, int end) = worker.Share(chunks.Count);
        for (int i = first; i < end; i++)
            _sums[i] = SumOfSquares(gradients + chunks[i].First, chunks[i].Count);
    }

    /// <summary>The norm, once all workers have summed. Not finite exactly if some gradient is not.</summary>
    public double Value()
    {
        double sum = 0;
        foreach (double part in _sums)
            sum += part;
        return Math.Sqrt(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfSquares(float* values, int count)
    {
        Vector256<double> low = default, high = default;
        for (int i = 0; i < count; i += Vector256<float>.Count)
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(Vector256.Load(values + i));
            low += first * first;
            high += second * second;
        }
        return Vector256.Sum(low + high);
    }
}
