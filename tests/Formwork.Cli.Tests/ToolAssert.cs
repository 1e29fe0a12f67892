using Xunit;

namespace Formwork.Cli.Tests;

/// <summary>How the tool fails.</summary>
public static class ToolAssert
{
    /// <summary>Exit code 1, nothing on standard output, a message on standard error and no stack trace.</summary>
    public static void InvalidInput(ToolResult result, string named)
    {
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Equal("", result.Output);
        Assert.Contains(named, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    /// <summary>Exit code 2, nothing on standard output, the mistake and where help is on standard error.</summary>
    public static void Usage(ToolResult result, string named)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Equal("", result.Output);
        Assert.Contains(named, result.Error);
        Assert.Contains("--help", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.DoesNotContain("System.", result.Error);
    }
}
