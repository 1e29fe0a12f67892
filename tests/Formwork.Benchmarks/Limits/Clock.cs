using System.Diagnostics;

namespace Formwork.Benchmarks.Limits;

/// <summary>The clock of the side-by-side tables: time that passes, or time that this process was given a processor.</summary>
/// <remarks>
/// Processor time leaves out the moments in which a shared machine ran somebody else, so it lets one-thread figures be taken beside a build.
/// It says nothing for several threads: their time adds up, waiting for each other included.
/// </remarks>
public static class Clock
{
    /// <summary>Whether <see cref="Now"/> is processor time.</summary>
    public static bool UsesProcessorTime { get; set; }

    /// <summary>Now; only differences mean something.</summary>
    public static TimeSpan Now => UsesProcessorTime ? Environment.CpuUsage.TotalTime : Stopwatch.GetElapsedTime(0);
}
