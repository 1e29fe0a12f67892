using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Formwork.TestSupport;
using Formwork.Training.Checkpoints;
using Xunit;

namespace Formwork.Training.Tests.Checkpoints;

/// <summary>
/// What is written when there is no room, or room for a part of it: a process of its own whose files cannot grow beyond a size. 4096 bytes hold
/// the weights and not the optimizer's state, and some lines of metrics.
/// </summary>
public class FullDiskTests
{
    private const long From = 10;

    [FileSizeLimitTheory]
    [InlineData(0)]
    [InlineData(4096)]
    public void DiskThatIsFullForAWhileIsToldAndTakesNothingOfTheRun(int bytes)
    {
        using TemporaryFolder whole = Whole(), full = new();
        (int exitCode, string[] told) = Run(full.Path, bytes, until: 25);
        Assert.True(exitCode == 0, string.Join('\n', told));
        foreach (int step in new[] { 12, 15, 18, 21, 24 })
            Assert.Contains(told, line => line.Contains($"step-{step:D8}: found a place that cannot be written", StringComparison.Ordinal) && line.EndsWith("step-00000009 is the last good checkpoint.", StringComparison.Ordinal));
        KilledRun.RequireSame(whole, full);
        // The lines of the full disk's steps are missing; all others are there and whole.
        string[] all = KilledRun.Metrics(whole), kept = KilledRun.Metrics(full);
        Assert.Equal(all.Where(line => StepOf(line) is <= From or > 25), kept.Where(line => StepOf(line) is <= From or > 25));
        Assert.Subset(all.ToHashSet(), kept.ToHashSet());
        Assert.True(kept.Length < all.Length);
    }

    [FileSizeLimitTheory]
    [InlineData(0)]
    [InlineData(4096)]
    public void RunThatEndsOnAFullDiskSaysSoAndIsResumedFromTheLastGoodCheckpoint(int bytes)
    {
        using TemporaryFolder whole = Whole(), full = new();
        (int exitCode, string[] told) = Run(full.Path, bytes, until: KilledRun.Steps + 1);
        Assert.True(exitCode == 1, string.Join('\n', told));
        Assert.Contains($"step-{KilledRun.Steps:D8}: found a place that cannot be written", told[^1], StringComparison.Ordinal);
        Assert.EndsWith($"expected room for a checkpoint. Free space; {full.File("step-00000009")} is the last good checkpoint.", told[^1], StringComparison.Ordinal);
        Assert.Equal(["best", "step-00000006", "step-00000009"], Directory.GetDirectories(full.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(full.Path, "*.tmp", SearchOption.AllDirectories));
        Assert.Equal(9, CheckpointStore.Read(full.File("step-00000009")).Step);

        KilledRun.Train(full.Path, null, threads: 1);
        KilledRun.RequireSame(whole, full);
        Assert.Equal(KilledRun.Metrics(whole), KilledRun.Metrics(full));
    }

    private static TemporaryFolder Whole()
    {
        var folder = new TemporaryFolder();
        KilledRun.Train(folder.Path, null, threads: 1);
        return folder;
    }

    // How it ended, and what it told: warnings, and last the error.
    private static (int ExitCode, string[] Told) Run(string folder, int bytes, long until)
    {
        using Process child = Program.Start("full", folder, bytes.ToString(CultureInfo.InvariantCulture), From.ToString(CultureInfo.InvariantCulture), until.ToString(CultureInfo.InvariantCulture));
        Task<string> error = child.StandardError.ReadToEndAsync();
        string told = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return (child.ExitCode, [.. told.Split('\n', StringSplitOptions.RemoveEmptyEntries), .. child.ExitCode > 1 ? [error.Result] : Array.Empty<string>()]);
    }

    private static long StepOf(string line)
    {
        // Times were cut off.
        using JsonDocument json = JsonDocument.Parse(line.EndsWith('}') ? line : line + "}");
        return json.RootElement.GetProperty("step").GetInt64();
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class FileSizeLimitTheoryAttribute : TheoryAttribute
    {
        public FileSizeLimitTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no limit of a process's files" : null;
    }
}
