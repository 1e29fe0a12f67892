using System.Diagnostics;
using System.Globalization;
using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>The most memory that a contender's process holds while it trains: each in a process of its own.</summary>
internal static class TrainingMemory
{
    /// <summary>The hidden verb of the child process that trains.</summary>
    public const string Verb = "training-memory";

    private const int Steps = 3;

    /// <summary>Bytes of the process at its largest; null where the system does not tell.</summary>
    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static long? Measure(TrainingRow row, string contender, int threads)
    {
        if (!PeakMemory.IsKnown)
            return null;
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Verb, row.Name, contender, threads.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        using var child = Process.Start(start)!;
        var answer = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 ? long.Parse(answer, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{row.Name}: {contender}'s own process failed");
    }

    /// <summary>Runs in the child process: prints the bytes.</summary>
    public static void PrintPeak(string rowName, string contenderName, int threads)
    {
        var row = TrainingRow.All.Single(row => row.Name == rowName);
        using var contender = TrainingReport.Contender(row, contenderName);
        contender.UseThreads(threads);
        contender.Step();

        // How the random weights came into the process is no part of training.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        PeakMemory.Reset();
        for (var step = 0; step < Steps; step++)
            contender.Step();
        Console.WriteLine(PeakMemory.Bytes.ToString(CultureInfo.InvariantCulture));
    }
}
