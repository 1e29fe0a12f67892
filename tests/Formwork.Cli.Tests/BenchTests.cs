using Xunit;

namespace Formwork.Cli.Tests;

public sealed class BenchTests : IDisposable
{
    private readonly Tool _tool = Tool.WithCompiledStories();

    [Fact]
    public void BenchShowsBothPhases()
    {
        ToolResult result = _tool.Run("bench", Models.Stories, "--prompt-tokens", "8", "--new-tokens", "4", "--repetitions", "2", "--threads", "1");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("prefill", result.Output);
        Assert.Contains("decode", result.Output);
        Assert.Contains("1 thread", result.Error);
    }

    [Fact]
    public void MoreTokensThanTheContextAreRefused() =>
        ToolAssert.InvalidInput(_tool.Run("bench", Models.Stories, "--prompt-tokens", "500", "--new-tokens", "13"), "512");

    public void Dispose() => _tool.Dispose();
}
