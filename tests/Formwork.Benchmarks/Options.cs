using System.CommandLine;

namespace Formwork.Benchmarks;

/// <summary>The command line of the side-by-side program.</summary>
internal sealed class Options
{
    public Option<string?> Only { get; } = new("--only") { Description = "Only tables and rows whose name contains this: limits, generate, gpt2, decode, bert …" };

    public Option<int[]> Threads { get; } = new("--threads")
    {
        Description = "Thread counts.",
        DefaultValueFactory = _ => Environment.ProcessorCount > 1 ? [1, 2] : [1],
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<int> Repeat { get; } = new("--repeat") { Description = "Turns of each contender in each row.", DefaultValueFactory = _ => 7 };

    public Option<bool> Quick { get; } = new("--quick") { Description = "Two turns: to see that all works, not to be quoted." };

    public Option<bool> ProcessorTime { get; } = new("--processor-time")
    {
        Description = "Count only the time in which the process had a processor: for one thread on a machine that does other things too.",
    };

    public Option<bool> WriteResults { get; } = new("--write") { Description = "Put the tables into RESULTS.md." };

    public Option<string?> Note { get; } = new("--note") { Description = "A sentence that RESULTS.md keeps beside the tables, for example on what else the machine was doing." };

    public Option<string> Folder { get; } = new("--folder")
    {
        Description = "Where peers and their files (1.5 GB) are kept.",
        DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "formwork-benchmarks"),
    };
}
