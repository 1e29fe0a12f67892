using System.Buffers.Binary;
using System.Globalization;
using System.Xml.Linq;
using Xunit;

namespace Formwork.Cli.Tests.Learning;

public sealed class PlotTests : IDisposable
{
    private readonly Tool _tool = new();

    [Fact]
    public void PictureOfARunIsAPng()
    {
        string run = Run("run", 300), expected = Path.Combine(run, "loss.png");
        ToolResult result = _tool.Run("plot", run);
        Assert.Equal((0, expected + "\n"), (result.ExitCode, result.Output));
        byte[] file = File.ReadAllBytes(expected);
        Assert.Equal("IHDR"u8.ToArray(), file[12..16]);
        Assert.Equal((1000, 620), (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20))));
        Assert.Equal("IEND"u8.ToArray(), file[^8..^4]);
    }

    [FontFact]
    public void SeveralRunsAreComparedInAnSvg()
    {
        string picture = Path.Combine(_tool.Home, "pictures", "both.svg");
        ToolResult result = _tool.Run("plot", Run("first", 50), Path.Combine(Run("second", 20), "metrics.jsonl"), "-o", picture);
        Assert.True(result.ExitCode == 0, result.Error);
        XElement root = XDocument.Load(picture).Root!;
        Assert.Equal("svg", root.Name.LocalName);
        string words = string.Join('\n', root.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim()));
        foreach (string expected in new[] { "Runs compared", "step", "loss (nats a token)", "first: training", "second: training", "first: evaluation, least 2.020" })
            Assert.Contains(expected, words);
    }

    [Fact]
    public void RunThatIsNoneIsNamed()
    {
        ToolAssert.InvalidInput(_tool.Run("plot", "nowhere"), "nowhere");
        ToolAssert.InvalidInput(_tool.Run("plot", Run("early", 0)), "no losses");
    }

    public void Dispose() => _tool.Dispose();

    // The last line is being written.
    private string Run(string name, int steps) => Path.GetDirectoryName(_tool.Write($"{name}/metrics.jsonl", string.Concat(Enumerable.Range(1, steps).Select(step =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"step":{{step}},"loss":{{2 + 3.0 / step}},"nats_per_token":{{2 + 2.0 / step}},"learning_rate":0.001}""") + "\n"
        + (step % 10 == 0 ? string.Create(CultureInfo.InvariantCulture, $$"""{"step":{{step}},"evaluation_loss":{{2 + 1.0 / step}}}""") + "\n" : ""))) + "{\"step\":"))!;
}
