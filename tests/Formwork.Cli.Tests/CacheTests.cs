using Xunit;

namespace Formwork.Cli.Tests;

public sealed class CacheTests : IDisposable
{
    private readonly Tool _tool = Tool.WithCompiledStories();

    private ToolResult Run(params string[] more) => _tool.Run(["run", Models.Stories, "Once", "-n", "5", "-t", "0", "--verbose", .. more]);

    private string CachedFile => Directory.GetFiles(_tool.CacheFolder).Single();

    [Fact]
    public void SecondRunDoesNotCompile()
    {
        Directory.Delete(_tool.CacheFolder, recursive: true);
        ToolResult first = Run(), second = Run();
        Assert.Contains("stored", first.Error);
        Assert.Contains("from the cache", second.Error);
        Assert.DoesNotContain("compiled Stories260K", second.Error);
        Assert.Equal(first.Output, second.Output);
    }

    [Fact]
    public void SecondRunDoesNotEvenLoadRoslyn()
    {
        // A copy of the tool without Roslyn, and without the list that would make the host miss it.
        string copy = Directory.CreateDirectory(Path.Combine(_tool.Home, "without-roslyn")).FullName;
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            string name = Path.GetFileName(file);
            if (!name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) && !name.EndsWith(".deps.json", StringComparison.Ordinal))
                File.Copy(file, Path.Combine(copy, name));
        }
        using var crippled = new Tool { Program = Path.Combine(copy, "formwork.dll") };
        Directory.CreateDirectory(Path.GetDirectoryName(crippled.CacheFolder)!);
        Directory.Move(_tool.CacheFolder, crippled.CacheFolder);
        ToolResult result = crippled.Run("run", Models.Stories, "Once", "-n", "5", "-t", "0", "--verbose");
        Assert.Contains("from the cache", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void CommentInTheSpecIsStillAHitAndAChangeIsNot()
    {
        string spec = File.ReadAllText(Directory.GetFiles(Models.Stories, "*.model.yaml").Single());
        string[] WithSpec(string text) =>
            ["run", _tool.Write("edited.model.yaml", text), "Once", "-n", "5", "-t", "0", "--verbose", "--weights", Models.Stories, "--tokenizer", Models.Stories];
        Assert.Contains("from the cache", _tool.Run(WithSpec("# A comment.\n" + spec)).Error);
        Assert.Contains("stored", _tool.Run(WithSpec(spec.Replace("context: 512", "context: 256"))).Error);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("flipped")]
    public void DamagedFileIsCompiledAfresh(string damage)
    {
        string output = Run().Output;
        byte[] file = File.ReadAllBytes(CachedFile);
        file[file.Length / 2] ^= 1;
        File.WriteAllBytes(CachedFile, damage == "cut" ? file[..(file.Length / 2)] : file);
        ToolResult repaired = Run();
        Assert.Equal((0, output), (repaired.ExitCode, repaired.Output));
        Assert.Contains("stored", repaired.Error);
        Assert.Contains("from the cache", Run().Error);
    }

    [Fact]
    public void PlaceThatCannotBeWrittenIsNoObstacle()
    {
        Directory.Delete(Path.GetDirectoryName(_tool.CacheFolder)!, recursive: true);
        _tool.Write("cache", "a file where the folder should be");
        ToolResult result = Run();
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("not cached", result.Error);
    }

    [Fact]
    public void NoCacheStoresNothing()
    {
        Directory.Delete(_tool.CacheFolder, recursive: true);
        Assert.Equal(0, Run("--no-cache").ExitCode);
        Assert.False(Directory.Exists(_tool.CacheFolder));
    }

    public void Dispose() => _tool.Dispose();
}
