using System.Numerics;

namespace Formwork.Runtime.Weights;

/// <summary>
/// The floats of a packed block that no parameter covers: padding, and places of biases that do not exist. They are zero in the weights, and
/// must be zero in gradients before an optimizer sees them.
/// </summary>
public static class WeightHoles
{
    private const int Lanes = WeightSlot.PanelRows;

    // Short enough that several threads share a long one.
    private const int MostFloats = 1 << 16;

    /// <summary>The holes, ascending and disjoint; none is longer than 65,536 floats.</summary>
    /// <exception cref="ArgumentException">A parameter does not begin at a multiple of 16 floats.</exception>
    public static IReadOnlyList<(long First, int Count)> Find(WeightTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        ushort[] covered = Covered(table);
        var holes = new List<(long First, int Count)>();
        for (long line = 0; line < covered.LongLength; line++)
        {
            int open = (ushort)~covered[line];
            while (open != 0)
            {
                int lane = BitOperations.TrailingZeroCount(open), count = BitOperations.TrailingZeroCount(~(open >> lane));
                open &= ~(((1 << count) - 1) << lane);
                Add(holes, line * Lanes + lane, count);
            }
        }
        return holes;
    }

    /// <summary>Which floats of each 16 some parameter covers, a bit each.</summary>
    internal static ushort[] Covered(WeightTable table)
    {
        var covered = new ushort[(table.Length + Lanes - 1) / Lanes];
        foreach (WeightSlot slot in table.Slots)
            ForLines(slot, (line, lanes) => covered[line] |= lanes);
        return covered;
    }

    /// <summary>Tells each 16 floats that a parameter lies in, and which of them it has.</summary>
    internal static void ForLines(WeightSlot slot, Action<long, ushort> tell)
    {
        for (int expert = 0; expert < Math.Max(slot.Experts, 1); expert++)
        {
            WeightSlot matrix = slot.Experts > 0 ? slot.Expert(expert) : slot;
            if (matrix.Offset % Lanes != 0)
                throw new ArgumentException($"{slot.Parameter} begins at float {matrix.Offset}, which is no multiple of {Lanes}.", nameof(slot));
            if (slot.Packing == WeightPacking.Dense)
                ForDenseLines(matrix, tell);
            else
                ForPanelLines(matrix, tell);
        }
    }

    private static void ForDenseLines(WeightSlot slot, Action<long, ushort> tell)
    {
        for (int row = 0; row < slot.Rows; row++)
        {
            long line = slot.PackedIndex(row, 0) / Lanes;
            for (int column = 0; column < slot.Columns; column += Lanes)
                tell(line++, Mask(0, Math.Min(Lanes, slot.Columns - column)));
        }
    }

    private static void ForPanelLines(WeightSlot slot, Action<long, ushort> tell)
    {
        for (int row = 0, next; row < slot.Rows; row = next)
        {
            int lane = (slot.PackedRow + row) % Lanes;
            next = Math.Min(row + Lanes - lane, slot.Rows);
            long line = slot.PackedIndex(row, 0) / Lanes;
            for (int column = 0; column < slot.Columns; column++)
                tell(line + column, Mask(lane, next - row));
        }
    }

    private static ushort Mask(int lane, int count) => (ushort)(((1 << count) - 1) << lane);

    private static void Add(List<(long First, int Count)> holes, long first, int count)
    {
        if (holes.Count > 0 && holes[^1].First + holes[^1].Count == first && holes[^1].Count + count <= MostFloats)
            holes[^1] = (holes[^1].First, holes[^1].Count + count);
        else
            holes.Add((first, count));
    }
}
