using System.Numerics;
using System.Runtime.CompilerServices;

namespace Formwork.Training.Optimizers;

/// <summary>C = AB for row-major matrices whose sizes are multiples of 16, in tiles of eight rows and one vector.</summary>
internal static unsafe class DenseProduct
{
    /// <summary><c>[rows, inner]</c> times <c>[inner, columns]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* left, float* right, float* product, int rows, int columns, int inner)
    {
        for (int column = 0; column < columns; column += Vector<float>.Count)
        {
            for (int row = 0; row < rows; row += 8)
                Tile(left + (long)row * inner, right + column, product + (long)row * columns + column, columns, inner);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(float* left, float* right, float* product, int columns, int inner)
    {
        Vector<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        for (int k = 0; k < inner; k++)
        {
            Vector<float> b = Vector.Load(right + (long)k * columns);
            c0 = Vector.FusedMultiplyAdd(new Vector<float>(left[k]), b, c0);
            c1 = Vector.FusedMultiplyAdd(new Vector<float>(left[k + inner]), b, c1);
            c2 = Vector.FusedMultiplyAdd(new Vector<float>(left[k + 2L * inner]), b, c2);
            c3 = Vector.FusedMultiplyAdd(new Vector<float>(left[k + 3L * inner]), b, c3);
            c4 = Vector.FusedMultiplyAdd(new Vector<float>(left[k + 4L * inner]), b, c4);
            c5 = Vector.FusedMultiplyAdd(new Vector<float>(left[k + 5L * inner]), b, c5);
            c6 = Vector.FusedMultiplyAdd(new Vector<float>(left[k + 6L * inner]), b, c6);
            c7 = Vector.FusedMultiplyAdd(new Vector<float>(left[k + 7L * inner]), b, c7);
        }
        c0.Store(product);
        c1.Store(product + columns);
        c2.Store(product + 2L * columns);
        c3.Store(product + 3L * columns);
        c4.Store(product + 4L * columns);
        c5.Store(product + 5L * columns);
        c6.Store(product + 6L * columns);
        c7.Store(product + 7L * columns);
    }
}
