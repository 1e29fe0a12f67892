using System.Text;
using Formwork.Compiler;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Formwork.Generators;

/// <summary>Where the compiler's values become Roslyn's: nowhere before.</summary>
internal static class Outputs
{
    public static void AddSources(SourceProductionContext output, string name, EquatableArray<GeneratedFile> files, EquatableArray<string> claimedTwice)
    {
        if (claimedTwice.Contains(name, ModelNames.Comparer))
            return;
        foreach (GeneratedFile file in files)
            output.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
    }

    public static void Report(SourceProductionContext output, EquatableArray<DiagnosticInfo> findings)
    {
        foreach (DiagnosticInfo finding in findings)
            output.ReportDiagnostic(ToDiagnostic(finding));
    }

    private static Diagnostic ToDiagnostic(DiagnosticInfo finding)
    {
        SourceSpan span = finding.Span;
        var location = Location.Create(
            finding.Path,
            new TextSpan(span.Start, span.Length),
            new LinePositionSpan(new LinePosition(span.Line, span.Column), new LinePosition(span.EndLine, span.EndColumn)));
        // The message is already formatted; as the format's only argument, its braces stay as they are.
        return Diagnostic.Create(ToDescriptor(finding.Kind), location, finding.Message);
    }

    private static DiagnosticDescriptor ToDescriptor(DiagnosticKind kind) => new(
        kind.Id, kind.Title, "{0}", "Formwork", ToSeverity(kind.Level), isEnabledByDefault: true, helpLinkUri: DiagnosticPages.Link(kind.Id));

    private static DiagnosticSeverity ToSeverity(DiagnosticLevel level) => level switch
    {
        DiagnosticLevel.Info => DiagnosticSeverity.Info,
        DiagnosticLevel.Warning => DiagnosticSeverity.Warning,
        _ => DiagnosticSeverity.Error,
    };
}
