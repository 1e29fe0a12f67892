using System.Text;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Cli.Tests;

/// <summary>The main job, against the output of another program: llama2.c's run.c with the same weights.</summary>
public sealed class RunGoldenTests(StoriesTool stories) : IClassFixture<StoriesTool>
{
    [DataTheory("stories260K/golden")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void GreedyStoryIsTheGoldenOneToTheByte(int number)
    {
        ToolResult result = stories.Tool.Run("run", Models.Stories, Models.GoldenPrompt(number), "--temperature", "0", "--max-length", "200");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Encoding.UTF8.GetString(Models.GoldenOutput(number)), result.Output);
        Assert.Equal(Models.GoldenOutput(number), result.OutputBytes);
        Assert.Contains("tokens/s", result.Error);
    }

    [DataTheory("stories260K/golden")]
    [InlineData(1)]
    [InlineData(42)]
    public void Llama2CSamplerTellsLlama2CsStory(int seed)
    {
        ToolResult result = stories.Tool.Run(
            "run", Models.Stories, "Once upon a time", "--sampler", "llama2c", "--temperature", "0.8", "--top-p", "0.9", "--seed", $"{seed}", "--max-length", "128");
        Assert.Equal(File.ReadAllText(TestData.Path("stories260K", "golden", $"sampled_t0.8_p0.9_s{seed}.txt")), result.Output);
    }

    [DataFact("stories260K/golden", "stories260K/stories260K.bin")]
    public void Llama2CsOwnWeightFileTellsTheSameStory()
    {
        ToolResult result = stories.Tool.Run("run", Models.Stories, Models.GoldenPrompt(2), "--temperature", "0", "--max-length", "200",
            "--weights", TestData.Path("stories260K", "stories260K.bin"), "--tokenizer", TestData.Path("stories260K", "tok512.bin"));
        Assert.Equal(Models.GoldenOutput(2), result.OutputBytes);
    }

    [DataFact("stories260K/golden")]
    public void AnyNumberOfThreadsTellsTheSameStory()
    {
        ToolResult result = stories.Tool.Run("run", Models.Stories, Models.GoldenPrompt(3), "--temperature", "0", "--max-length", "200", "--threads", "3");
        Assert.Equal(Models.GoldenOutput(3), result.OutputBytes);
    }
}
