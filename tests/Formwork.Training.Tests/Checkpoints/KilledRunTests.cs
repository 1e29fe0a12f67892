using System.Diagnostics;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Training.Tests.Checkpoints;

public class KilledRunTests
{
    [Fact]
    public void RunThatIsKilledAndResumedGivesTheBitsOfOneThatWasNot()
    {
        using var whole = new TemporaryFolder();
        using var killed = new TemporaryFolder();
        KilledRun.Train(whole.Path, _ => { }, threads: 1);
        var random = new Random(3);
        int kills = 0;
        while (!RunAndKill(killed.Path, random.Next(1, 16), random.Next(0, 12)))
            kills++;
        Assert.True(kills >= 3, $"killed {kills} times only");
        foreach (string file in new[] { "model.safetensors", "best/model.safetensors", $"step-{KilledRun.Steps:D8}/model.safetensors", $"step-{KilledRun.Steps:D8}/optimizer.safetensors", $"step-{KilledRun.Steps:D8}/state.json" })
            Assert.True(File.ReadAllBytes(whole.File(file)).AsSpan().SequenceEqual(File.ReadAllBytes(killed.File(file))), file);
        Assert.Equal(Steps(whole), Steps(killed));
    }

    // Whether it came to its end before it was killed.
    private static bool RunAndKill(string folder, int steps, int milliseconds)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(KilledRun).Assembly.Location, "train", folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process child = Process.Start(start)!;
        for (int i = 0; i < steps; i++)
        {
            if (child.StandardOutput.ReadLine() is null)
                break;
        }
        if (child.WaitForExit(milliseconds))
        {
            Assert.True(child.ExitCode == 0, child.StandardError.ReadToEnd());
            return true;
        }
        child.Kill();
        child.WaitForExit();
        return child.ExitCode == 0;
    }

    private static string[] Steps(TemporaryFolder folder) =>
        [.. File.ReadAllLines(folder.File("metrics.jsonl")).Select(line => line.Split(",\"tokens_per_second\"")[0])];
}
