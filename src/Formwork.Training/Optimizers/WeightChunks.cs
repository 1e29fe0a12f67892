using Formwork.Runtime.Weights;

namespace Formwork.Training.Optimizers;

/// <summary>Cuts a packed block into chunks, always the same ones, so that sums over chunks do not depend on the number of threads.</summary>
internal static class WeightChunks
{
    private const int Lanes = WeightSlot.PanelRows, MostFloats = 1 << 14;

    private enum Line : byte
    {
        Hole,
        Vector,
        Matrix,
        Excluded,
    }

    /// <summary>The chunks of all parameters but some; parts of the block that no parameter has are left out by 16 floats.</summary>
    public static IReadOnlyList<WeightChunk> Find(WeightTable table, Func<WeightSlot, bool>? excluded = null)
    {
        var lines = new Line[(table.Length + Lanes - 1) / Lanes];
        foreach (WeightSlot slot in table.Slots)
        {
            Line kind = excluded?.Invoke(slot) == true ? Line.Excluded : slot.Rows > 1 && slot.Columns > 1 ? Line.Matrix : Line.Vector;
            WeightHoles.ForLines(slot, (line, _) => lines[line] = (Line)Math.Max((byte)lines[line], (byte)kind));
        }
        var chunks = new List<WeightChunk>();
        for (long first = 0, end; first < lines.LongLength; first = end)
        {
            for (end = first + 1; end < lines.LongLength && lines[end] == lines[first] && (end - first) * Lanes < MostFloats;)
                end++;
            if (lines[first] is Line.Vector or Line.Matrix)
                chunks.Add(new WeightChunk(first * Lanes, (int)(end - first) * Lanes, lines[first] == Line.Matrix));
        }
        return chunks;
    }
}
