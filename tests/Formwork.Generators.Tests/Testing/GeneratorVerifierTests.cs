using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using static Formwork.Testing.Verifier;

namespace Formwork.Generators.Tests.Testing;

public sealed class GeneratorVerifierTests
{
    private static readonly DiagnosticDescriptor s_error = new("FAK0001", "A title", "Found {0}.", "Fake", DiagnosticSeverity.Error, isEnabledByDefault: true);

    private static readonly DiagnosticDescriptor s_warning = new(
        "FAK0002", "Another title", "Found {0}.", "Fake", DiagnosticSeverity.Warning, isEnabledByDefault: true,
        description: "What it is.", helpLinkUri: "docs/FAK0002.md", customTags: ["One", "Two"]);

    [Fact]
    public Task EverySourceIsAFile() =>
        Verify(new FakeGenerator([("B.g.cs", "class B;\n"), ("A.g.cs", "class A;")], []).Run());

    [Fact]
    public Task DiagnosticsAreOneMoreFile()
    {
        Location place = Location.Create("folder/a.model.yaml", new TextSpan(3, 4), new LinePositionSpan(new LinePosition(1, 2), new LinePosition(1, 6)));
        Diagnostic[] diagnostics = [Diagnostic.Create(s_error, place, "a, {b}"), Diagnostic.Create(s_warning, Location.None, "one\ntwo")];
        return Verify(new FakeGenerator([("A.g.cs", "class A;")], diagnostics).Run());
    }

    [Fact]
    public async Task GeneratorsExceptionIsRethrown()
    {
        var failure = new InvalidOperationException("as it was");
        Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(async () => await Verify(new FakeGenerator([], [], failure).Run())));
    }
}
