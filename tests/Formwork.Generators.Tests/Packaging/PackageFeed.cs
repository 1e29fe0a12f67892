using Formwork.TestSupport;

namespace Formwork.Generators.Tests.Packaging;

/// <summary>Packs what has just been built, under a version that no cache has seen, into a folder that a restore can read.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private static readonly string[] s_projects = ["Formwork.Runtime", "Formwork.Testing", "Formwork.Cli"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("formwork-feed-");

    /// <summary>The version of every package here.</summary>
    public string Version { get; } = $"1.0.0-test.{Guid.NewGuid():N}";

    /// <summary>The folder of packages.</summary>
    public string Folder => _folder.FullName;

    public async Task InitializeAsync()
    {
        foreach (string project in s_projects)
        {
            (await Command.Dotnet(
                TestData.Repository, "pack", $"src/{project}", "--no-build", "-c", Configuration, "-o", Folder, $"-p:PackageVersion={Version}")).Succeeded();
        }
    }

    /// <summary>Removes the packages, and what restores unpacked of them.</summary>
    public async Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        string[] words = (await Command.Dotnet(TestData.Repository, "nuget", "locals", "global-packages", "--list")).Output.Split(": ", 2);
        if (words.Length < 2)
            return;
        foreach (string package in new[] { "formwork", "formwork.testing", "formwork.cli" })
        {
            string unpacked = Path.Combine(words[1].Trim(), package, Version);
            if (Directory.Exists(unpacked))
                Directory.Delete(unpacked, recursive: true);
        }
    }

    /// <summary>The configuration that this test was built in: what is packed is what was built with it.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;
}
