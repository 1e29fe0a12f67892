using System.Diagnostics;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Training.Tests.Checkpoints;

public class KilledRunTests
{
    [Fact]
    public void RunThatIsKilledAndResumedGivesTheBitsOfOneThatWasNot() => Survives(assembly: null);

    [Fact]
    public void RunOfACompiledModelThatIsKilledAndResumedGivesTheBitsOfOneThatWasNot()
    {
        using var folder = new TemporaryFolder();
        string assembly = folder.File("Learner.dll");
        KilledRun.Compile(assembly);
        Survives(assembly);
    }

    private static void Survives(string? assembly)
    {
        using var whole = new TemporaryFolder();
        using var killed = new TemporaryFolder();
        KilledRun.Train(whole.Path, null, threads: 1, assembly);
        var random = new Random(3);
        int kills = 0;
        while (!RunAndKill(killed.Path, assembly, random.Next(1, 16), random.Next(0, 12)))
            kills++;
        Assert.True(kills >= 3, $"killed {kills} times only");
        KilledRun.RequireSame(whole, killed);
        Assert.Equal(KilledRun.Metrics(whole), KilledRun.Metrics(killed));
    }

    // Whether it came to its end before it was killed.
    private static bool RunAndKill(string folder, string? assembly, int steps, int milliseconds)
    {
        using Process child = Program.Start(["train", folder, .. (string[])(assembly is null ? [] : [assembly])]);
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
}
