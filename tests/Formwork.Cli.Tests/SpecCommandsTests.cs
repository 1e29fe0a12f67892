using System.Globalization;
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

    [Theory]
    [InlineData("graph", "training graph ShakespeareChar: ")]
    [InlineData("graph", "derivative by layers.3.attention.query.weight %")]
    [InlineData("training", "layers.0.feed_forward")]
    [InlineData("training", " Backward ")]
    [InlineData("csharp", "void Train(TrainingPass pass, Worker worker)")]
    public void InspectPrintsAStageOfTraining(string stage, string part)
    {
        ToolResult result = _tool.Run("inspect", Models.Learner, "--stage", stage);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(part, result.Output);
        Assert.DoesNotContain(part, _tool.Run("inspect", Models.Stories, "--stage", stage).Output);
    }

    [Fact]
    public void InspectShowsWhatTrainingTakes()
    {
        string usual = Inspect();
        // nanoGPT counts 0.80 million without the 64·128 of positions: 65·128 + 64·128 + 4·(4·128² + 2·128·512 + 2·128) + 128.
        Assert.Contains("804,096", usual);
        long weights = Number(usual, "weights"), activations = Number(usual, "activations"), head = Number(usual, "head");
        Assert.InRange(weights, 4 * 804_096, 4 * 804_096 * 11 / 10);
        Assert.Equal(weights, Number(usual, "gradients"));
        Assert.Equal(2 * weights, Number(usual, "optimizer state"));
        Assert.Equal(4 * weights + activations + head, Number(usual, "all of these"));
        // 8 sequences of 64; a linear layer's input is kept for each: 4 layers of at least 128 · (queries, keys, values, attention's, hidden's 4).
        Assert.Contains("a batch of 512 tokens", usual);
        Assert.InRange(activations, 512L * 4 * 4 * 128 * 8, 512L * 4 * 4 * 128 * 32);

        string twice = Inspect("--rows", "1024");
        Assert.Equal((weights, 2 * activations), (Number(twice, "weights"), Number(twice, "activations")));
    }

    [Fact]
    public void InspectShowsWhatRecomputationChanges()
    {
        string spec = Directory.GetFiles(Models.Learner, "*.model.yaml").Single();
        string recomputing = _tool.Write("again.model.yaml", File.ReadAllText(spec).Replace("training: true", "training: {recompute: layers}"));
        string without = Inspect(), with = Written(_tool.Run("inspect", recomputing));
        Assert.InRange(Number(with, "activations"), 1, Number(without, "activations") / 2);
        // Each names what the other has.
        Assert.Contains($"{Number(with, "activations"):N0} bytes (-", without);
        Assert.Contains($"{Number(without, "activations"):N0} bytes (+", with);
        Assert.InRange(Number(with, "work"), Number(without, "work") + 1, Number(without, "work") * 4 / 3);
        Assert.Contains($"{Number(with, "work"):N0} FLOPs (+", without);
    }

    [Theory]
    [InlineData("--stage", "training")]
    [InlineData("--rows", "8")]
    public void InspectOfTrainingThatASpecHasNotIsRefused(params string[] how) =>
        ToolAssert.InvalidInput(_tool.Run(["inspect", Models.Stories, .. how]), "Write `training: true`");

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

    private string Inspect(params string[] how) => Written(_tool.Run(["inspect", Models.Learner, .. how]));

    private static string Written(ToolResult result)
    {
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output;
    }

    // The first number of the line that begins so, below the heading of training.
    private static long Number(string output, string what)
    {
        string line = output[output.IndexOf("training, ", StringComparison.Ordinal)..].Split('\n').Single(line => line.StartsWith(what, StringComparison.Ordinal));
        return long.Parse(line[what.Length..].TrimStart().Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }
}
