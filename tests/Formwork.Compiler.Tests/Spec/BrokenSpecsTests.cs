using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>What a user is told about each fault: one finding, in its place, in words that help.</summary>
public sealed class BrokenSpecsTests
{
    public static TheoryData<string> Names => [.. BrokenSpecs.All.Select(broken => broken.Name)];

    [Theory, MemberData(nameof(Names))]
    public void FaultIsToldInItsPlace(string name)
    {
        BrokenSpec broken = BrokenSpecs.All.Single(candidate => candidate.Name == name);
        ParsedModel parsed = GoodSpec.Parse(broken.Text);

        DiagnosticInfo found = Assert.Single(parsed.Diagnostics);
        Assert.Equal(broken.Kind.Id, found.Kind.Id);
        Assert.All(broken.Parts, part => Assert.Contains(part, found.Message));
        (int line, int column, int length) = broken.Place;
        Assert.Equal((line, column), (found.Span.Line, found.Span.Column));
        Assert.Equal(length, found.Span.Length);
        Assert.Null(parsed.Spec);
    }

    [Fact]
    public void GoodSpecHasNoFault() => Assert.NotNull(GoodSpec.Resolve(GoodSpec.Text));

    [Fact]
    public void EveryKindThatParsingFindsIsInTheTable()
    {
        var tested = BrokenSpecs.All.Select(broken => broken.Kind.Id).ToHashSet();
        // Later stages and hosts find 03xx and on, and two models of one name; too many errors need more than one.
        string[] elsewhere = [DiagnosticCatalog.SameName.Id, DiagnosticCatalog.TooManyErrors.Id];
        Assert.Empty(DiagnosticCatalog.All.Select(kind => kind.Id)
            .Where(id => string.CompareOrdinal(id, "FWK03") < 0)
            .Except(elsewhere).Except(tested));
    }
}
