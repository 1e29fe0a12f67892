using Formwork.Compiler.Text;

namespace Formwork.Compiler.Diagnostics;

/// <summary>What a stage gives: its value, null when an error prevents one, and its findings.</summary>
public sealed record Result<T>(T? Value, EquatableArray<DiagnosticInfo> Diagnostics)
    where T : class
{
    /// <summary>Whether any finding is an error.</summary>
    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.Kind.Level == DiagnosticLevel.Error);
}
