using Formwork.Benchmarks.Reports;

namespace Formwork.Benchmarks.Limits;

/// <summary>The machine's limits as a table.</summary>
internal static class LimitsReport
{
    private static readonly (string Name, long Bytes)[] Blocks = [("512 KB", 1L << 19), ("4 MB", 1L << 22), ("16 MB", 1L << 24), ("256 MB", 1L << 28)];

    public static string Run(IReadOnlyList<int> threadCounts)
    {
        var table = new MarkdownTable(["threads", "FMA peak, GFLOP/s", .. Blocks.Select(block => $"read {block.Name}, GB/s")]);
        foreach (var threads in threadCounts)
        {
            table.Add([
                threads.ToString(),
                Giga(FmaPeak.Measure(threads)),
                .. Blocks.Select(block => Giga(ReadBandwidth.Measure(threads, block.Bytes))),
            ]);
        }

        return table + "\n- Independent chains of fused multiply-adds in registers; reads of one block again and again, the best of one, four and eight streams a thread.\n";
    }

    private static string Giga(double perSecond) => SideBySide.Samples.Rounded(perSecond / 1e9);
}
