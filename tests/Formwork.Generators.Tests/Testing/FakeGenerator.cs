using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Formwork.Generators.Tests.Testing;

/// <summary>A generator that gives what a test wants.</summary>
internal sealed class FakeGenerator(IReadOnlyList<(string Hint, string Text)> sources, IReadOnlyList<Diagnostic> diagnostics, Exception? exception = null)
    : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context) =>
        context.RegisterSourceOutput(context.ParseOptionsProvider, (output, _) =>
        {
            if (exception is not null)
                throw exception;
            foreach ((string hint, string text) in sources)
                output.AddSource(hint, SourceText.From(text, Encoding.UTF8));
            foreach (Diagnostic diagnostic in diagnostics)
                output.ReportDiagnostic(diagnostic);
        });

    public GeneratorDriver Run(params FakeGenerator[] others) => CSharpGeneratorDriver
        .Create([this, .. others])
        .RunGenerators(CSharpCompilation.Create("Fake"));
}
