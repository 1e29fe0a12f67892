using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Formwork.Runtime.Weights;

/// <summary>Turns 16 rows into a panel, in which the 16 numbers of a column stand side by side.</summary>
internal static unsafe class PanelInterleaving
{
    private const int PanelRows = WeightSlot.PanelRows;

    /// <summary>rows[lane][firstColumn + c] → target[16 c + lane], for c below <paramref name="columns"/> and lanes below <paramref name="lanes"/>.</summary>
    public static void Interleave(float** rows, int lanes, int firstColumn, int columns, float* target)
    {
        int column = 0;
        if (Avx.IsSupported && lanes == PanelRows)
            for (; column <= columns - 8; column += 8)
            {
                Transpose8(rows, firstColumn + column, target + column * PanelRows);
                Transpose8(rows + 8, firstColumn + column, target + column * PanelRows + 8);
            }
        for (; column < columns; column++)
            for (int lane = 0; lane < lanes; lane++)
                target[column * PanelRows + lane] = rows[lane][firstColumn + column];
    }

    // An 8×8 block: pairs of rows are interleaved, then pairs of pairs, then the halves of the vectors change places.
    private static void Transpose8(float** rows, int column, float* target)
    {
        var a0 = Avx.UnpackLow(Row(rows, 0, column), Row(rows, 1, column));
        var a1 = Avx.UnpackHigh(Row(rows, 0, column), Row(rows, 1, column));
        var a2 = Avx.UnpackLow(Row(rows, 2, column), Row(rows, 3, column));
        var a3 = Avx.UnpackHigh(Row(rows, 2, column), Row(rows, 3, column));
        var a4 = Avx.UnpackLow(Row(rows, 4, column), Row(rows, 5, column));
        var a5 = Avx.UnpackHigh(Row(rows, 4, column), Row(rows, 5, column));
        var a6 = Avx.UnpackLow(Row(rows, 6, column), Row(rows, 7, column));
        var a7 = Avx.UnpackHigh(Row(rows, 6, column), Row(rows, 7, column));
        Store(Pair(a0, a2, 0), Pair(a4, a6, 0), target, 0);
        Store(Pair(a0, a2, 1), Pair(a4, a6, 1), target, 1);
        Store(Pair(a1, a3, 0), Pair(a5, a7, 0), target, 2);
        Store(Pair(a1, a3, 1), Pair(a5, a7, 1), target, 3);
    }

    private static Vector256<float> Row(float** rows, int row, int column) => Vector256.Load(rows[row] + column);

    private static Vector256<float> Pair(Vector256<float> left, Vector256<float> right, int half) =>
        half == 0 ? Avx.Shuffle(left, right, 0b01_00_01_00) : Avx.Shuffle(left, right, 0b11_10_11_10);

    // Column c of the block is in the low halves, column c + 4 in the high ones.
    private static void Store(Vector256<float> first, Vector256<float> second, float* target, int column)
    {
        Avx.Permute2x128(first, second, 0x20).Store(target + column * PanelRows);
        Avx.Permute2x128(first, second, 0x31).Store(target + (column + 4) * PanelRows);
    }
}
