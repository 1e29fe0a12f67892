using Formwork.Compiler;
using Formwork.Compiler.Diagnostics;

namespace Formwork.Cli.Compilation;

/// <summary>A spec has errors: what a stage of the compiler found, with the text it found it in.</summary>
internal sealed class InvalidSpecException(ModelText text, IReadOnlyList<DiagnosticInfo> diagnostics)
    : Exception($"{text.Path} has errors.")
{
    /// <summary>The spec.</summary>
    public ModelText Text { get; } = text;

    /// <summary>All findings, warnings too.</summary>
    public IReadOnlyList<DiagnosticInfo> Diagnostics { get; } = diagnostics;
}
