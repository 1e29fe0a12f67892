using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Formwork.Runtime.Kernels;

/// <summary>Turns panels of weights around: what lies input by input, 16 outputs side by side, comes to lie output by output.</summary>
public static unsafe class PanelTransposition
{
    private const int PanelRows = 16;

    /// <summary>
    /// panel[16·column + output] → target[output·stride + column], for 16 outputs and <paramref name="columns"/> columns; the columns up to
    /// 16 become zero.
    /// </summary>
    /// <param name="panel">The first of the columns in its panel.</param>
    /// <param name="columns">How many there are, at most 16.</param>
    /// <param name="target">Where the first output's first column goes.</param>
    /// <param name="stride">Floats from one output to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* panel, int columns, float* target, int stride)
    {
        if (columns == PanelRows && Avx.IsSupported)
        {
            Transpose8(panel, target, stride);
            Transpose8(panel + 8, target + 8 * stride, stride);
            Transpose8(panel + 8 * PanelRows, target + 8, stride);
            Transpose8(panel + 8 * PanelRows + 8, target + 8 * stride + 8, stride);
            return;
        }
        for (int output = 0; output < PanelRows; output++, target += stride)
        {
            for (int column = 0; column < PanelRows; column++)
                target[column] = column < columns ? panel[column * PanelRows + output] : 0;
        }
    }

    // An 8×8 block: pairs are interleaved, then pairs of pairs, then the halves of the vectors change places.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* source, float* target, int stride)
    {
        Vector256<float> r0 = Vector256.Load(source), r1 = Vector256.Load(source + 16), r2 = Vector256.Load(source + 32), r3 = Vector256.Load(source + 48);
        Vector256<float> r4 = Vector256.Load(source + 64), r5 = Vector256.Load(source + 80), r6 = Vector256.Load(source + 96), r7 = Vector256.Load(source + 112);
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        StorePair(FirstPairs(a0, a2), FirstPairs(a4, a6), target, stride);
        StorePair(SecondPairs(a0, a2), SecondPairs(a4, a6), target + stride, stride);
        StorePair(FirstPairs(a1, a3), FirstPairs(a5, a7), target + 2 * stride, stride);
        StorePair(SecondPairs(a1, a3), SecondPairs(a5, a7), target + 3 * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FirstPairs(Vector256<float> left, Vector256<float> right) => Avx.Shuffle(left, right, 0b01_00_01_00);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> SecondPairs(Vector256<float> left, Vector256<float> right) => Avx.Shuffle(left, right, 0b11_10_11_10);

    // Row r of the turned block is in the low halves, row r + 4 in the high ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(Vector256<float> first, Vector256<float> second, float* target, int stride)
    {
        Avx.Permute2x128(first, second, 0x20).Store(target);
        Avx.Permute2x128(first, second, 0x31).Store(target + 4 * stride);
    }
}
