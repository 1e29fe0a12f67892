using System.Numerics.Tensors;

namespace Formwork.Training;

/// <summary>Looks for numbers that are none.</summary>
internal static unsafe class FiniteNumbers
{
    private const int Block = 1 << 20;

    /// <summary>Whether so many numbers are all finite.</summary>
    public static bool AreAll(float* values, long count)
    {
        for (long first = 0; first < count; first += Block)
        {
            if (!TensorPrimitives.IsFiniteAll(new ReadOnlySpan<float>(values + first, (int)Math.Min(Block, count - first))))
                return false;
        }
        return true;
    }
}
