using System.Diagnostics;
using System.Text;
using Xunit;

namespace Formwork.Cli.Tests;

/// <summary>A text a line in, a result a line out, with the trained storyteller.</summary>
public sealed class LinesTests(StoriesTool stories) : IClassFixture<StoriesTool>
{
    private static readonly string[] Prompts = ["Once upon a time", "The dog was very", "Lily", "Tom and Sue went to the park. They saw a"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Tool _tool = stories.Tool;

    [Theory]
    [InlineData("--temperature", "0")]
    [InlineData("--beams", "2")]
    public void EveryLineIsWhatItsTextAloneGives(params string[] how)
    {
        string[] usual = ["run", Models.Stories, "-n", "12", .. how];
        string expected = string.Concat(Prompts.Select(prompt => Escaped(_tool.Run([.. usual, prompt]).Output)));
        string input = string.Join('\n', Prompts);
        foreach (string batch in new[] { "1", "3", "32" })
            Assert.Equal(expected, Written(_tool.RunWithInput(input, [.. usual, "--lines", "--batch", batch])));
    }

    [Fact]
    public void EveryLineDrawsNumbersOfItsOwnAndTheFirstThoseOfItsTextAlone()
    {
        string[] usual = ["run", Models.Stories, "-n", "30", "--temperature", "1"];
        ToolResult result = _tool.RunWithInput("Once\nOnce\nOnce\n", [.. usual, "--seed", "7", "--lines"]);
        string expected = string.Concat(Enumerable.Range(7, 3).Select(seed => Escaped(_tool.Run([.. usual, "Once", "--seed", $"{seed}"]).Output)));
        Assert.Equal(expected, Written(result));
        Assert.Equal(3, expected.Split('\n').Distinct().Count() - 1);
        Assert.Contains("3 lines", result.Error);
        Assert.Contains("seed 7", result.Error);
    }

    [Fact]
    public void EmptyLinesStayAndLineEndsOfEitherKindAreTaken() =>
        Assert.Equal("\nOnce\n\n\nLily\n", Written(_tool.RunWithInput("\r\nOnce\r\n\n\r\nLily", "run", Models.Stories, "--lines", "-n", "0")));

    [Fact]
    public void NoInputGivesNoOutput() => Assert.Equal("", Written(_tool.Run("run", Models.Stories, "--lines", "-")));

    [Fact]
    public void LineEndsInAResultAreWrittenAsSigns()
    {
        // The model's stories have several paragraphs.
        string written = Written(_tool.RunWithInput("Once upon a time\nOnce upon a time\n", "run", Models.Stories, "--lines", "--temperature", "0", "-n", "250"));
        Assert.Equal(3, written.Split('\n').Length);
        Assert.Contains(@".\n", written);
        Assert.Equal("a\\b \\\\n c\\\\\\\n", Written(_tool.RunWithInput("a\\b \\n c\\\\\n", "run", Models.Stories, "--lines", "-n", "0")));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("32")]
    public void LineThatIsTooLongIsToldByItsNumberAfterThoseBeforeIt(string batch)
    {
        string tooLong = string.Join(' ', Enumerable.Repeat("Lily", 600));
        ToolResult result = _tool.RunWithInput($"Once\n\nTom\n{tooLong}\nSue\n", "run", Models.Stories, "--lines", "-n", "0", "--batch", batch);
        Assert.Equal((1, "Once\n\nTom\n"), (result.ExitCode, result.Output));
        Assert.Contains("standard input: line 4: prompt: found ", result.Error);
        Assert.Contains("512", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public void LineThatIsNoTextIsToldByItsNumberAfterThoseBeforeIt()
    {
        using Process process = _tool.Start("run", Models.Stories, "--lines", "-n", "0");
        process.StandardInput.BaseStream.Write([.. "Once\nTom\n"u8, 0x41, 0xFF, .. "\nSue\n"u8]);
        process.StandardInput.Close();
        ToolResult result = Tool.End(process);
        Assert.Equal((1, "Once\nTom\n"), (result.ExitCode, result.Output));
        Assert.Contains("standard input: line 3: found bytes that are not UTF-8, at byte 1", result.Error);
    }

    [Fact]
    public void LineWithoutAnEndIsRefusedBeforeItFillsTheMemory()
    {
        using Process process = _tool.Start("run", Models.Stories, "--lines", "-n", "0");
        byte[] letters = Encoding.ASCII.GetBytes(new string('a', 1 << 20));
        try
        {
            process.StandardInput.BaseStream.Write("Once\n"u8);
            for (int count = 0; count < 64; count++)
                process.StandardInput.BaseStream.Write(letters);
        }
        catch (IOException)
        {
            // It has ended already, as it should.
        }
        ToolResult result = Tool.End(process);
        Assert.Equal((1, "Once\n"), (result.ExitCode, result.Output));
        Assert.Contains("standard input: line 2: found more than 16,777,216 bytes without a line end", result.Error);
    }

    [Fact]
    public async Task LineIsAnsweredWhileTheInputIsOpen()
    {
        using Process process = _tool.Start("run", Models.Stories, "--lines", "-n", "0", "-q");
        foreach (string text in Prompts)
        {
            process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            process.StandardInput.BaseStream.Flush();
            Assert.Equal(text, await process.StandardOutput.ReadLineAsync().WaitAsync(Patience));
        }
        process.StandardInput.Close();
        ToolResult result = Tool.End(process);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task ReaderThatClosesEndsItQuietlyWhateverIsStillToCome()
    {
        using Process process = _tool.Start("run", Models.Stories, "--lines", "-n", "1", "-q");
        Task feeding = Endlessly("Once upon a time\n", process);
        process.StandardOutput.BaseStream.ReadExactly(new byte[200]);
        process.StandardOutput.BaseStream.Dispose();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience));
        Assert.Equal((0, ""), (process.ExitCode, error));
        await feeding.WaitAsync(Patience);
    }

    [SignalTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task SignalEndsItAfterWholeLines(string signal, int exitCode)
    {
        using Process process = _tool.Start("run", Models.Stories, "--lines", "-n", "20");
        Task feeding = Endlessly("Once upon a time\n", process);
        process.StandardOutput.BaseStream.ReadExactly(new byte[20]);
        using (Process kill = Process.Start("kill", ["-" + signal, $"{process.Id}"]))
            kill.WaitForExit();
        ToolResult result = Tool.End(process);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.EndsWith("\n", result.Output);
        Assert.Contains("interrupted", result.Error);
        await feeding.WaitAsync(Patience);
    }

    [SignalTheory]
    [InlineData("INT", 130)]
    public void SignalEndsTheWaitingForALine(string signal, int exitCode)
    {
        using Process process = _tool.Start("run", Models.Stories, "--lines", "-n", "0");
        process.StandardInput.BaseStream.Write("Once\n"u8);
        process.StandardInput.BaseStream.Flush();
        process.StandardOutput.BaseStream.ReadExactly(new byte["Once\n".Length]);
        using (Process kill = Process.Start("kill", ["-" + signal, $"{process.Id}"]))
            kill.WaitForExit();
        Assert.Equal(exitCode, Tool.End(process).ExitCode);
    }

    private static string Written(ToolResult result)
    {
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    // What a run with the text alone wrote, as a line.
    private static string Escaped(string output) => output[..^1].Replace("\n", @"\n") + "\n";

    private static Task Endlessly(string line, Process process) => Task.Run(() =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        try
        {
            while (true)
            {
                process.StandardInput.BaseStream.Write(bytes);
                process.StandardInput.BaseStream.Flush();
            }
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
    });
}
