using Formwork.TestSupport;
using Xunit;

namespace Formwork.Cli.Tests;

/// <summary>The verbs that need a spec and no weights: check, inspect, emit, tokenize.</summary>
public sealed class SpecCommandsTests : IDisposable
{
    private readonly Tool _tool = new();

    [Fact]
    public void CheckAcceptsEveryModelOfTheRepository()
    {
        string[] models = Directory.GetFiles(Path.Combine(TestData.Repository, "models"), "*.model.yaml", SearchOption.AllDirectories);
        ToolResult result = _tool.Run(["check", .. models]);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains($"{models.Length} specs, 0 errors", result.Error);
    }

    [Fact]
    public void CheckTellsAllErrorsOfAllFiles()
    {
        string first = _tool.Write("first.model.yaml", "model: First\nwidht: 8\nlayers: none\n");
        string second = _tool.Write("second.model.yaml", "model: [\n");
        ToolResult result = _tool.Run("check", first, second);
        ToolAssert.InvalidInput(result, $"{first}(2,1): error FWK");
        Assert.Contains("     2 | widht: 8\n       | ^^^^^", result.Error);
        Assert.Contains($"{first}(3,", result.Error);
        Assert.Contains($"{second}(", result.Error);
    }

    [Fact]
    public void SpecThatIsNotTextIsRefused()
    {
        string path = Path.Combine(_tool.Home, "noise.model.yaml");
        File.WriteAllBytes(path, [0xC3, 0x28, 0xFF]);
        ToolAssert.InvalidInput(_tool.Run("check", path), "UTF-8");
    }

    [Theory]
    [InlineData("spec", "Stories260K")]
    [InlineData("graph", "layers.0.attention.query")]
    [InlineData("plan", "layers.4.feed_forward")]
    [InlineData("csharp", "class Stories260K")]
    public void InspectPrintsAStage(string stage, string part)
    {
        ToolResult result = _tool.Run("inspect", Models.Stories, "--stage", stage);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(part, result.Output);
    }

    [Fact]
    public void InspectCountsParametersAndBytes()
    {
        ToolResult result = _tool.Run("inspect", Models.Stories);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        // 512·64 + 5·(64·64 + 2·64·32 + 64·64 + 3·64·172 + 2·64) + 64, the weights tied.
        Assert.Contains("260,032", result.Output);
        Assert.Contains("key/value cache", result.Output);
        // 512·64·2 and 5 layers' products at two operations a weight; norms have none.
        Assert.Contains("518,656", result.Output);
    }

    [Fact]
    public void InspectOfABrokenSpecShowsItsErrors() =>
        ToolAssert.InvalidInput(_tool.Run("inspect", _tool.Write("broken.model.yaml", "model: 5x\n")), "error FWK");

    [Fact]
    public void EmitWritesTheFilesThatInspectPrints()
    {
        string folder = Path.Combine(_tool.Home, "out", "deep");
        ToolResult result = _tool.Run("emit", Models.Stories, "-o", folder);
        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        string[] files = [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.Contains("Stories260K.g.cs", files);
        Assert.Contains("Stories260K.Forward.g.cs", files);
        Assert.All(files, file => Assert.Contains(file, result.Error));
        string printed = _tool.Run("inspect", Models.Stories, "--stage", "csharp").Output;
        Assert.All(files, file => Assert.Contains(File.ReadAllText(Path.Combine(folder, file)), printed));
    }

    [Fact]
    public void EmitToAFileThatIsInTheWayIsRefused() =>
        ToolAssert.InvalidInput(_tool.Run("emit", Models.Stories, "-o", _tool.Write("in-the-way", "")), "in-the-way");

    [Fact]
    public void TokenizeListsIdsAndPiecesAndFindsBack()
    {
        ToolResult listed = _tool.Run("tokenize", Models.Stories, "Once upon a time");
        Assert.Equal((0, ""), (listed.ExitCode, listed.Error));
        Assert.Contains("403", listed.Output);
        string ids = _tool.Run("tokenize", Models.Stories, "Once upon a time", "--ids").Output;
        Assert.Equal("403 407 261 378\n", ids);
        Assert.Equal("Once upon a time\n", _tool.RunWithInput(ids, "tokenize", Models.Stories, "--decode").Output);
    }

    [Theory]
    [InlineData("12 x", "'x'")]
    [InlineData("-3", "-3")]
    [InlineData("512", "512")]
    public void TokenizeRefusesWhatIsNoId(string ids, string named) =>
        ToolAssert.InvalidInput(_tool.RunWithInput(ids, "tokenize", Models.Stories, "--decode"), named);

    public void Dispose() => _tool.Dispose();
}
