using System.IO.Compression;
using System.Text.Json;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Cli.Tests;

/// <summary>The translator that comes with the repository, trained by it.</summary>
public sealed class TranslatorTests : IDisposable
{
    private const int Captions = 200;

    // A cache of compiled models that all commands of a test share.
    private readonly Tool _tool = new();

    [Fact]
    public void CaptionIsTranslated()
    {
        ToolResult result = _tool.Run("run", Models.Translator, "A man is riding a bicycle.");
        Assert.Equal("Ein Mann fährt auf einem Fahrrad.\n", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void LinesAreTranslatedInTheirOrder()
    {
        ToolResult result = _tool.RunWithInput("Two dogs are playing in the snow.\n\nA man is riding a bicycle.\n", "run", Models.Translator, "--lines");
        Assert.Equal("Zwei Hunde spielen im Schnee.\n\nEin Mann fährt auf einem Fahrrad.\n", result.Output);
    }

    [DataFact("multi30k")]
    public void CaptionsOfTheTestSetAreTranslatedAsWellAsTheModelsPageSays()
    {
        string source = Head("test_2016_flickr.en"), target = Head("test_2016_flickr.de");
        using JsonDocument result = JsonDocument.Parse(_tool.Run("eval", Models.Translator, "--data", source, "--targets", target, "--json").Output);
        Assert.InRange(result.RootElement.GetProperty("bleu_lowercase").GetDouble(), 37, 60);
    }

    public void Dispose() => _tool.Dispose();

    // The first captions of a set.
    private string Head(string name)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(TestData.Path("multi30k", $"{name}.gz")), CompressionMode.Decompress));
        string path = Path.Combine(_tool.Home, name);
        File.WriteAllLines(path, Enumerable.Range(0, Captions).Select(_ => text.ReadLine()!));
        return path;
    }
}
