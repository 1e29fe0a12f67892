using System.IO.Compression;
using System.Runtime.Intrinsics.X86;
using Formwork.TestSupport;

namespace Formwork.Generators.Tests.Packaging;

/// <summary>The packages as users meet them. One feed serves all tests; every test has a project of its own.</summary>
public sealed class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    /// <summary>How llama2.c's own program begins with these weights and this prompt at temperature 0.</summary>
    private const string FirstSentence = "Once upon a time, there was a little girl named Lily.";

    [Fact]
    public void PackageHasLibraryGeneratorAndTargets()
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(feed.Folder, $"Formwork.{feed.Version}.nupkg"));
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Superset(
            new HashSet<string>
            {
                "lib/net10.0/Formwork.Runtime.dll", "lib/net10.0/Formwork.Runtime.xml",
                "analyzers/dotnet/cs/Formwork.Generators.dll", "analyzers/dotnet/cs/Formwork.Compiler.dll", "analyzers/dotnet/cs/YamlDotNet.dll",
                "build/Formwork.targets", "buildTransitive/Formwork.targets",
            },
            files.ToHashSet());
    }

    [Fact]
    public async Task ProjectWithThePackageTellsTheStory()
    {
        using var project = new ConsumerProject(feed);
        IsTheStory((await project.BuildAndRun()).Output);
    }

    [Fact]
    public async Task SecondBuildCompilesNothingAndChangedSpecDoes()
    {
        using var project = new ConsumerProject(feed);
        await project.BuildAndRun();
        string assembly = Path.Combine(project.Folder, "obj", "Release", "net10.0", "Consumer.dll");
        DateTime built = File.GetLastWriteTimeUtc(assembly);
        await project.BuildAndRun();
        Assert.Equal(built, File.GetLastWriteTimeUtc(assembly));

        string spec = Path.Combine("Stories", "stories260k.model.yaml");
        project.Write(spec, File.ReadAllText(Path.Combine(project.Folder, spec)).Replace("context: 512", "context: 256"));
        IsTheStory((await project.BuildAndRun()).Output);
        Assert.NotEqual(built, File.GetLastWriteTimeUtc(assembly));
    }

    [Fact]
    public async Task BrokenSpecFailsTheBuildAtItsPlace()
    {
        using var project = new ConsumerProject(feed);
        string spec = Path.Combine("Stories", "stories260k.model.yaml");
        string text = File.ReadAllText(Path.Combine(project.Folder, spec)).Replace("width: 64", "width: 65");
        project.Write(spec, text);
        Command build = await project.Build();
        Assert.NotEqual(0, build.ExitCode);
        int line = text.Split('\n').ToList().FindIndex(candidate => candidate.Contains("heads: 8", StringComparison.Ordinal)) + 1;
        Assert.Contains($"stories260k.model.yaml({line},", build.Output);
        Assert.Contains("error FWK0203", build.Output);
    }

    [Fact]
    public async Task AnotherAnalyzersYamlDotNetStaysItsOwn()
    {
        using var other = new OtherAnalyzer();
        await other.Build();
        using var project = new ConsumerProject(feed, items: other.AnalyzerItems);
        project.Tell("OtherAnalyzer.Generated.YamlDotNetVersion");
        Command run = await project.BuildAndRun();
        IsTheStory(run.Output);
        Assert.StartsWith(OtherAnalyzer.YamlDotNetVersion, run.Error);
    }

    /// <summary>A plain native build would have 128-bit vectors only; the targets let it have what this processor has.</summary>
    [NativeAotFact]
    public async Task NativeProgramTellsTheStoryWithWideVectors()
    {
        using var project = new ConsumerProject(feed, "<PublishAot>true</PublishAot>");
        project.Tell("System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated");
        Command run = await project.PublishAndRun(NativeAotFactAttribute.LinkerOptions);
        IsTheStory(run.Output);
        Assert.Equal($"{Avx2.IsSupported && Fma.IsSupported}", run.Error.Trim());
    }

    [Fact]
    public async Task ProjectThatOptsOutIsLeftAlone()
    {
        using var project = new ConsumerProject(feed, "<EnableFormwork>false</EnableFormwork>");
        project.Write("Program.cs", """Console.Write("no model");""");
        Assert.Equal("no model", (await project.BuildAndRun()).Output);
        Assert.False(Directory.Exists(Path.Combine(project.Folder, "bin", "Release", "net10.0", "models")));
    }

    [Fact]
    public async Task ToolTellsTheStory()
    {
        using var project = new ConsumerProject(feed);
        (await Command.Dotnet(
            project.Folder, "tool", "install", "Formwork.Cli", "--version", feed.Version, "--tool-path", "tools", "--configfile", "nuget.config")).Succeeded();
        Command run = await Command.Run(
            project.Folder, Path.Combine(project.Folder, "tools", "formwork"), "run", "Stories", "Once upon a time", "--temperature", "0", "--max-length", "200");
        IsTheStory(run.Succeeded().Output);
    }

    [Fact]
    public async Task SnapshotPackageGeneratesByItself()
    {
        using var project = new ConsumerProject(feed, package: "Formwork.Testing");
        project.Write("Program.cs", """
            var result = Formwork.Testing.ModelSnapshot.Generate("Stories/stories260k.model.yaml").GetRunResult();
            Console.Write(string.Join(' ', result.Results[0].GeneratedSources.Select(source => source.HintName)));
            """);
        Assert.Contains("Stories260K.g.cs", (await project.BuildAndRun()).Output.Split(' '));
    }

    private static void IsTheStory(string output)
    {
        Assert.StartsWith(FirstSentence, output);
        if (TestData.Missing(["stories260K"]) is null)
            Assert.Equal(File.ReadAllText(TestData.Path("stories260K", "golden", "g01.txt")).TrimEnd('\n'), output.ReplaceLineEndings("\n").TrimEnd('\n'));
    }
}
