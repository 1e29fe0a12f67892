using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Formwork.Runtime.Kernels;

/// <summary>
/// Rows transposed into panels: panel p holds rows 16·p … 16·p + 15, number by number, so that number i of row r stands at
/// <c>[r / 16, i, r % 16]</c>. Products with them then need no sum across a vector.
/// </summary>
public static unsafe class Panels
{
    private const int Lanes = 16;

    /// <summary>Writes the panels of some rows. The places behind the last row repeat it.</summary>
    /// <param name="rows">The first number of the first row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="count">Number of rows, at least one.</param>
    /// <param name="width">Numbers of each.</param>
    /// <param name="panels">Where they go, <c>[panels, width, 16]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* rows, int stride, int count, int width, float* panels)
    {
        long* offsets = stackalloc long[Lanes];
        for (int first = 0; first < count; first += Lanes, rows += (long)Lanes * stride, panels += Lanes * width)
        {
            int last = Math.Min(Lanes, count - first) - 1;
            for (int row = 0; row < Lanes; row++)
                offsets[row] = (long)Math.Min(row, last) * stride;
            int whole = width / 4 * 4;
            if (Avx512F.IsSupported)
                Pack512(rows, offsets, whole, panels);
            else if (Avx.IsSupported)
                Pack256(rows, offsets, whole, panels);
            else if (Sse.IsSupported || AdvSimd.Arm64.IsSupported)
                Pack128(rows, offsets, whole, panels);
            else
                whole = 0;
            for (int i = whole; i < width; i++)
            {
                for (int row = 0; row < Lanes; row++)
                    panels[i * Lanes + row] = rows[offsets[row] + i];
            }
        }
    }

    // Four numbers of 16 rows: a vector holds those of rows r, r + 4, r + 8, r + 12, and transposing 4 × 4 in each quarter is all there is to do.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack512(float* rows, long* offsets, int width, float* panel)
    {
        for (int i = 0; i < width; i += 4, rows += 4, panel += 4 * Lanes)
        {
            Vector512<float> a = Quarters(rows, offsets), b = Quarters(rows, offsets + 1), c = Quarters(rows, offsets + 2), d = Quarters(rows, offsets + 3);
            Vector512<double> ab = Avx512F.UnpackLow(a, b).AsDouble(), cd = Avx512F.UnpackLow(c, d).AsDouble();
            Avx512F.UnpackLow(ab, cd).AsSingle().Store(panel);
            Avx512F.UnpackHigh(ab, cd).AsSingle().Store(panel + Lanes);
            ab = Avx512F.UnpackHigh(a, b).AsDouble();
            cd = Avx512F.UnpackHigh(c, d).AsDouble();
            Avx512F.UnpackLow(ab, cd).AsSingle().Store(panel + 2 * Lanes);
            Avx512F.UnpackHigh(ab, cd).AsSingle().Store(panel + 3 * Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(float* rows, long* offsets) =>
        Vector512.Create(Halves(rows, offsets), Halves(rows, offsets + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(float* rows, long* offsets) =>
        Vector256.Create(Vector128.Load(rows + offsets[0]), Vector128.Load(rows + offsets[4]));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack256(float* rows, long* offsets, int width, float* panel)
    {
        for (int i = 0; i < width; i += 4, rows += 4, panel += 4 * Lanes)
        {
            for (int half = 0; half < Lanes; half += 8)
            {
                long* from = offsets + half;
                float* to = panel + half;
                Vector256<float> a = Halves(rows, from), b = Halves(rows, from + 1), c = Halves(rows, from + 2), d = Halves(rows, from + 3);
                Vector256<double> ab = Avx.UnpackLow(a, b).AsDouble(), cd = Avx.UnpackLow(c, d).AsDouble();
                Avx.UnpackLow(ab, cd).AsSingle().Store(to);
                Avx.UnpackHigh(ab, cd).AsSingle().Store(to + Lanes);
                ab = Avx.UnpackHigh(a, b).AsDouble();
                cd = Avx.UnpackHigh(c, d).AsDouble();
                Avx.UnpackLow(ab, cd).AsSingle().Store(to + 2 * Lanes);
                Avx.UnpackHigh(ab, cd).AsSingle().Store(to + 3 * Lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack128(float* rows, long* offsets, int width, float* panel)
    {
        for (int i = 0; i < width; i += 4, rows += 4, panel += 4 * Lanes)
        {
            for (int quarter = 0; quarter < Lanes; quarter += 4)
            {
                long* from = offsets + quarter;
                float* to = panel + quarter;
                Vector128<float> a = Vector128.Load(rows + from[0]), b = Vector128.Load(rows + from[1]);
                Vector128<float> c = Vector128.Load(rows + from[2]), d = Vector128.Load(rows + from[3]);
                Vector128<float> ac = Low(a, c), bd = Low(b, d);
                Low(ac, bd).Store(to);
                High(ac, bd).Store(to + Lanes);
                ac = High(a, c);
                bd = High(b, d);
                Low(ac, bd).Store(to + 2 * Lanes);
                High(ac, bd).Store(to + 3 * Lanes);
            }
        }
    }

    // a0 b0 a1 b1, and a2 b2 a3 b3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
