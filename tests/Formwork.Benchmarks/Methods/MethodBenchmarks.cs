using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Formwork.Benchmarks.Reports;

namespace Formwork.Benchmarks.Methods;

/// <summary>The benchmarks of single methods, run by BenchmarkDotNet with its own command line (<c>--filter</c>, <c>--list</c> …).</summary>
internal static class MethodBenchmarks
{
    /// <summary>Runs what the arguments choose, all by default, and gives the table as Markdown; empty when nothing ran.</summary>
    public static string Run(string[] arguments)
    {
        // In this process: a project of BenchmarkDotNet's own would copy libtorch once more and build for a minute.
        var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MethodBenchmarks).Assembly).Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config);
        var reports = summaries.SelectMany(summary => summary.Reports).Where(report => report.ResultStatistics is not null).ToArray();
        return reports.Length == 0 ? "" : Table(reports) + "\n- BenchmarkDotNet, ShortRun in this process: medians of three, ± half the range.\n";
    }

    private static string Table(BenchmarkReport[] reports)
    {
        var table = new MarkdownTable("method", "with", "median, µs", "±", "allocated, KB");
        foreach (var report in reports)
        {
            var statistics = report.ResultStatistics!;
            var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            table.Add(
                report.BenchmarkCase.Descriptor.GetFilterName().Replace("Formwork.Benchmarks.Methods.", "", StringComparison.Ordinal),
                string.Join(", ", report.BenchmarkCase.Parameters.Items.Select(item => $"{item.Name} {item.Value}")),
                (statistics.Median / 1000).ToString("N1", CultureInfo.InvariantCulture),
                ((statistics.Max - statistics.Min) / 2 / statistics.Median).ToString("P0", CultureInfo.InvariantCulture),
                allocated is { } bytes ? (bytes / 1024.0).ToString("N1", CultureInfo.InvariantCulture) : "");
        }

        return table.ToString();
    }
}
