using Formwork.Compiler.Spec;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>The specs that ship in models/.</summary>
public sealed class ModelFilesTests
{
    /// <summary>Their paths within the repository.</summary>
    public static TheoryData<string> Files => [.. Directory
        .EnumerateFiles(Path.Combine(TestData.Repository, "models"), "*.model.yaml", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(TestData.Repository, path))
        .Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void ParsesWithoutFindings(string file)
    {
        ParsedModel parsed = SpecParser.Parse(new ModelText(file, File.ReadAllText(Path.Combine(TestData.Repository, file))));
        Assert.Empty(parsed.Diagnostics);
        Assert.NotNull(parsed.Spec);
    }
}
