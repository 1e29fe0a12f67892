using System.Diagnostics;
using Xunit;

namespace Formwork.Cli.Tests;

public sealed class RunTests(StoriesTool stories) : IClassFixture<StoriesTool>
{
    private readonly Tool _tool = stories.Tool;

    [Fact]
    public void OutputIsTheTextAloneAndOneLineEnd()
    {
        ToolResult result = _tool.Run("run", Models.Stories, "Once upon a time", "--max-tokens", "5", "--temperature", "0");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("Once upon a time", result.Output);
        Assert.EndsWith("\n", result.Output);
        Assert.DoesNotContain("tokens/s", result.Output);
        Assert.Contains("5 new ones", result.Error);
        Assert.DoesNotContain("\u001b", result.Error);
    }

    [Fact]
    public void QuietSaysNothing()
    {
        ToolResult result = _tool.Run("run", Models.Stories, "Once", "--max-tokens", "3", "--quiet");
        Assert.Equal("", result.Error);
    }

    [Fact]
    public void PromptComesFromStandardInputWithoutItsLineEnd()
    {
        string expected = _tool.Run("run", Models.Stories, "The dog was very", "--temperature", "0", "-n", "20").Output;
        Assert.Equal(expected, _tool.RunWithInput("The dog was very\n", "run", Models.Stories, "--temperature", "0", "-n", "20").Output);
        Assert.Equal(expected, _tool.RunWithInput("The dog was very\r\n", "run", Models.Stories, "-", "--temperature", "0", "-n", "20").Output);
    }

    [Theory]
    [InlineData("@home")]
    [InlineData("")]
    public void PromptIsTakenAsItIs(string prompt)
    {
        ToolResult result = _tool.Run("run", Models.Stories, prompt, "--temperature", "0", "-n", "4");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith(prompt, result.Output);
    }

    [Fact]
    public void PromptMayBeginWithADashAfterTwo()
    {
        ToolResult result = _tool.Run("run", Models.Stories, "-n", "4", "--", "-5 dogs");
        Assert.StartsWith("-5 dogs", result.Output);
    }

    [Fact]
    public void SameSeedSameStoryAndAnotherSeedAnother()
    {
        string[] arguments = ["run", Models.Stories, "Once", "--temperature", "1", "-n", "60", "--seed"];
        string first = _tool.Run([.. arguments, "7"]).Output;
        Assert.Equal(first, _tool.Run([.. arguments, "7"]).Output);
        Assert.NotEqual(first, _tool.Run([.. arguments, "8"]).Output);
    }

    [Fact]
    public void SeedThatWasDrawnIsToldAndTellsTheStoryAgain()
    {
        ToolResult drawn = _tool.Run("run", Models.Stories, "Once", "--temperature", "1", "-n", "60");
        string seed = drawn.Error.Split("seed ")[1].Trim();
        Assert.Equal(drawn.Output, _tool.Run("run", Models.Stories, "Once", "--temperature", "1", "-n", "60", "--seed", seed).Output);
    }

    [Fact]
    public void StopsBeforeAStopText()
    {
        string whole = _tool.Run("run", Models.Stories, "Once upon a time", "--temperature", "0", "-n", "60").Output;
        Assert.Contains("Lily", whole);
        ToolResult stopped = _tool.Run("run", Models.Stories, "Once upon a time", "--temperature", "0", "-n", "60", "--stop", "no such text", "--stop", "Lily");
        Assert.Equal(whole[..whole.IndexOf("Lily", StringComparison.Ordinal)] + "\n", stopped.Output);
        Assert.Contains("stop text", stopped.Error);
    }

    [Fact]
    public void MaxTokensCountsNewOnesAndZeroLeavesThePrompt()
    {
        Assert.Equal("Once upon a time\n", _tool.Run("run", Models.Stories, "Once upon a time", "-n", "0").Output);
    }

    [Fact]
    public void PromptLongerThanTheContextIsRefused()
    {
        ToolResult result = _tool.Run("run", Models.Stories, string.Join(' ', Enumerable.Repeat("Lily", 600)));
        ToolAssert.InvalidInput(result, "512");
    }

    [Fact]
    public void MissingWeightsAreNamed()
    {
        string folder = CopyOfStories("without-weights", leaveOut: "model.safetensors");
        ToolAssert.InvalidInput(_tool.Run("run", folder, "Once"), "without-weights");
    }

    [Fact]
    public void MissingTokenizerIsNamed()
    {
        string folder = CopyOfStories("without-tokenizer", leaveOut: "tok512.bin");
        ToolAssert.InvalidInput(_tool.Run("run", folder, "Once"), "tok512.bin");
    }

    [Fact]
    public void CutWeightsAreRefused()
    {
        string folder = CopyOfStories("cut-weights", leaveOut: null);
        using (FileStream file = File.OpenWrite(Path.Combine(folder, "model.safetensors")))
            file.SetLength(file.Length - 1000);
        ToolAssert.InvalidInput(_tool.Run("run", folder, "Once"), "model.safetensors");
    }

    [Fact]
    public void WeightsOfAnotherModelAreRefused()
    {
        string folder = CopyOfStories("wrong-weights", leaveOut: null);
        string spec = Directory.GetFiles(folder, "*.model.yaml").Single();
        File.WriteAllText(spec, File.ReadAllText(spec).Replace("vocabulary: 512", "vocabulary: 520"));
        ToolAssert.InvalidInput(_tool.Run("run", folder, "Once"), "520");
    }

    [Fact]
    public void RandomWeightsNeedNoCheckpoint()
    {
        string folder = CopyOfStories("random-weights", leaveOut: "model.safetensors");
        ToolResult result = _tool.Run("run", folder, "Once", "--random-weights", "1", "-n", "10", "--seed", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("random weights", result.Error);
        Assert.Equal(result.Output, _tool.Run("run", folder, "Once", "--random-weights", "1", "-n", "10", "--seed", "1").Output);
        Assert.NotEqual(result.Output, _tool.Run("run", folder, "Once", "--random-weights", "2", "-n", "10", "--seed", "1").Output);
    }

    [Fact]
    public void SpecWithErrorsIsShownWithTheirPlaces()
    {
        string spec = _tool.Write("typo.model.yaml", File.ReadAllText(Directory.GetFiles(Models.Stories, "*.model.yaml").Single()).Replace("\nwidth:", "\nwidht:"));
        ToolResult result = _tool.Run("run", spec, "Once");
        ToolAssert.InvalidInput(result, "typo.model.yaml(");
        Assert.Contains("error FWK", result.Error);
        Assert.Contains("^^^^^", result.Error);
    }

    [Fact]
    public void ReaderThatClosesEndsItQuietly()
    {
        using Process process = _tool.Start("run", EndlessModel(), "Once", "--random-weights", "1", "--max-tokens", "100000", "-q");
        process.StandardOutput.BaseStream.ReadExactly(new byte[20]);
        process.StandardOutput.BaseStream.Dispose();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal((0, ""), (process.ExitCode, error));
    }

    [SignalTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void SignalEndsTheTextInOrder(string signal, int exitCode)
    {
        using Process process = _tool.Start("run", EndlessModel(), "Once", "--random-weights", "1", "--max-tokens", "100000");
        process.StandardOutput.BaseStream.ReadExactly(new byte[20]);
        using (Process kill = Process.Start("kill", ["-" + signal, $"{process.Id}"]))
            kill.WaitForExit();
        ToolResult result = Tool.End(process);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.EndsWith("\n", result.Output);
        Assert.Contains("interrupted", result.Error);
    }

    private string EndlessModel()
    {
        File.Copy(Path.Combine(Models.Stories, "tok512.bin"), Path.Combine(_tool.Home, "tok512.bin"), overwrite: true);
        return _tool.Write("endless.model.yaml", Models.Endless);
    }

    private string CopyOfStories(string name, string? leaveOut)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_tool.Home, name)).FullName;
        foreach (string file in Directory.GetFiles(Models.Stories).Where(file => Path.GetFileName(file) != leaveOut))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        return folder;
    }
}
