using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Tests.Spec;
using Xunit;

namespace Formwork.Compiler.Tests.Diagnostics;

/// <summary>The pages' examples do what the pages say.</summary>
public sealed class DiagnosticPagesTests
{
    /// <summary>Faults that a page cannot show as YAML, or that are not one file's.</summary>
    private static readonly DiagnosticKind[] InWords =
    [
        DiagnosticCatalog.ControlCharacter, DiagnosticCatalog.FileTooLong, DiagnosticCatalog.TooManyErrors, DiagnosticCatalog.InternalError,
    ];

    public static TheoryData<string> Ids => [.. DiagnosticCatalog.All.Select(kind => kind.Id)];

    public static TheoryData<string> ShownIds => [.. DiagnosticCatalog.All.Except(InWords).Select(kind => kind.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void TitleIsTheCatalogs(string id) =>
        Assert.Equal($"# {id}: {DiagnosticCatalog.All.Single(kind => kind.Id == id).Title}", DiagnosticPage.Read(id).Title);

    [Theory, MemberData(nameof(ShownIds))]
    public void WrongExampleHasTheFaultAndNoOther(string id)
    {
        string wrong = Assert.IsType<string>(DiagnosticPage.Read(id).Wrong);
        string[] expected = id == DiagnosticCatalog.SameName.Id ? [] : [id];
        Assert.Equal(expected, Findings(id == DiagnosticCatalog.EmptyFile.Id ? wrong : DiagnosticPage.Complete(wrong)));
    }

    [Theory, MemberData(nameof(ShownIds))]
    public void RightExampleHasNone(string id)
    {
        string right = Assert.IsType<string>(DiagnosticPage.Read(id).Right);
        // Examples of layouts show one entry where a whole layout has one for each parameter.
        string[] elsewhere = [DiagnosticCatalog.LayoutLacksParameter.Id];
        Assert.DoesNotContain(Findings(DiagnosticPage.Complete(right)), found => found == id || !elsewhere.Contains(found));
    }

    private static IEnumerable<string> Findings(string text)
    {
        ParsedModel parsed = GoodSpec.Parse(text);
        IEnumerable<DiagnosticKind> later = parsed.Spec is { } spec ? ModelCompiler.Check(spec).Select(found => found.Kind) : [];
        return parsed.Diagnostics.Select(found => found.Kind).Concat(later).Select(kind => kind.Id).Distinct();
    }
}
