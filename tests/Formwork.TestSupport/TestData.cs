namespace Formwork.TestSupport;

/// <summary>
/// Real weights, tokenizers and golden outputs that are too large, or not ours, to live in the repository. They are looked for in
/// <c>shared/data</c>, walking up from the test assembly; the environment variable <c>FORMWORK_DATA</c> names the folder instead.
/// </summary>
public static class TestData
{
    private const string Variable = "FORMWORK_DATA";
    private static readonly Lazy<string?> FoundRoot = new(FindRoot);
    private static readonly Lazy<string> FoundRepository = new(FindRepository);

    /// <summary>The data folder; null when there is none.</summary>
    public static string? Root => FoundRoot.Value;

    /// <summary>The top folder of this repository's checkout.</summary>
    /// <exception cref="DirectoryNotFoundException">The test assembly does not lie inside a checkout.</exception>
    public static string Repository => FoundRepository.Value;

    /// <summary>A file or folder below <see cref="Root"/>: <c>TestData.Path("stories260K", "golden", "g01.txt")</c>.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no data folder; a <see cref="DataFactAttribute"/> would have skipped the test.</exception>
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([Root ?? throw new DirectoryNotFoundException(Missing([])), .. parts]);

    /// <summary>Why tests that need these files or folders cannot run here; null when they can.</summary>
    public static string? Missing(IReadOnlyList<string> needed)
    {
        if (Root is null)
            return $"no test data: no shared/data above {AppContext.BaseDirectory}, and {Variable} does not name a folder";
        var absent = needed.Where(name => !Exists(System.IO.Path.Combine(Root, name))).ToArray();
        return absent.Length == 0 ? null : $"no test data {string.Join(", ", absent)} in {Root}";
    }

    private static bool Exists(string path) => Directory.Exists(path) || File.Exists(path);

    private static string? FindRoot()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Directory.Exists(named) ? System.IO.Path.GetFullPath(named) : null;
        return Ancestors().Select(folder => System.IO.Path.Combine(folder, "shared", "data")).FirstOrDefault(Directory.Exists);
    }

    private static string FindRepository() =>
        Ancestors().FirstOrDefault(folder => File.Exists(System.IO.Path.Combine(folder, "Compiler.sln")))
        ?? throw new DirectoryNotFoundException($"No Compiler.sln above {AppContext.BaseDirectory}.");

    private static IEnumerable<string> Ancestors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }
}
