using System.Text.RegularExpressions;
using Formwork.Compiler.Diagnostics;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Compiler.Tests.Diagnostics;

/// <summary>The catalog, the releases' lists and the pages say the same.</summary>
public sealed partial class DiagnosticCatalogTests
{
    private static readonly string Generator = Path.Combine(TestData.Repository, "generators", "Formwork.Generators");

    [Fact]
    public void IdsAreUniqueAndOfAStage()
    {
        Assert.Equal(DiagnosticCatalog.All.Count, DiagnosticCatalog.All.Select(kind => kind.Id).Distinct().Count());
        Assert.All(DiagnosticCatalog.All, kind => Assert.Matches("^FWK0[0-69][0-9]{2}$", kind.Id));
    }

    [Fact]
    public void MessagesGoOnInOneLineWithoutAFullStop() => Assert.All(DiagnosticCatalog.All, kind =>
    {
        Assert.DoesNotContain('\n', kind.MessageFormat);
        Assert.False(kind.MessageFormat.EndsWith('.'), kind.Id);
        Assert.False(kind.Title.EndsWith('.'), kind.Id);
    });

    [Fact]
    public void EveryKindIsInAReleaseWithItsSeverityAndTitle()
    {
        string releases = File.ReadAllText(Path.Combine(Generator, "AnalyzerReleases.Shipped.md")) + File.ReadAllText(Path.Combine(Generator, "AnalyzerReleases.Unshipped.md"));
        Assert.Equal(
            DiagnosticCatalog.All.Select(kind => (kind.Id, kind.Level.ToString(), kind.Title)),
            ReleaseRow().Matches(releases).Select(row => (row.Groups["id"].Value, row.Groups["level"].Value, row.Groups["title"].Value)).Order());
    }

    [Fact]
    public void EveryKindHasAPage() =>
        Assert.Equal(
            DiagnosticCatalog.All.Select(kind => kind.Id),
            Directory.EnumerateFiles(Path.Combine(Generator, "Documentation"), "FWK*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"^(?<id>FWK\d{4}) \| Formwork \| (?<level>\w+) \| \[(?<title>.+)\]\(Documentation/\k<id>\.md\)$", RegexOptions.Multiline)]
    private static partial Regex ReleaseRow();
}
