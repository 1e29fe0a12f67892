using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Import.Tests.FamilySpecs;

/// <summary>The specs in models/families, and the table of their parameters.</summary>
public sealed class FamilySpecsTests
{
    private static readonly IReadOnlyDictionary<string, ParameterRow> Table = ParameterTable.Read(File.ReadAllText(Path.Combine(Folder, "README.md")));

    private static string Folder => Path.Combine(TestData.Repository, "models", "families");

    public static TheoryData<string> Specs => [.. Names];

    private static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.model.yaml").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    [Theory, MemberData(nameof(Specs))]
    public void SpecHasNoFindingsAndAsManyParametersAsTheTableSays(string file)
    {
        ParsedModel parsed = SpecParser.Parse(new ModelText(file, File.ReadAllText(Path.Combine(Folder, file))));
        Assert.Empty(parsed.Diagnostics);
        Assert.Empty(ModelCompiler.Check(parsed.Spec!));
        Assert.Equal(Table[file].Ours, ModelCompiler.Graph(parsed.Spec!).ParameterCount);
    }

    [Theory, MemberData(nameof(Specs))]
    public void PublishedCountStandsToOursAsTheTableSays(string file) => Assert.True(Table[file].Holds, $"{Table[file]}");

    [Fact]
    public void TableHasEverySpecAndNoOther() => Assert.Equal(Names, Table.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void SpecsBelongToNoProject()
    {
        for (DirectoryInfo folder = new(Folder); folder.FullName != TestData.Repository; folder = folder.Parent!)
            Assert.Empty(folder.GetFiles("*.csproj"));
    }
}
