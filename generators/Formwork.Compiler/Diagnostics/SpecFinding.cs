using System.Globalization;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Diagnostics;

/// <summary>
/// A finding of a stage after parsing: it names the part of the spec, not the place in the file, so that it stays the same when text
/// moves. <see cref="Locate"/> finds the place.
/// </summary>
/// <param name="Kind">Which.</param>
/// <param name="SpecPath">The part of the spec, <c>layers.1.attention</c>.</param>
/// <param name="Message">The formatted message.</param>
public sealed record SpecFinding(DiagnosticKind Kind, string SpecPath, string Message)
{
    /// <summary>Formats a finding.</summary>
    public static SpecFinding Of(DiagnosticKind kind, string specPath, params object[] arguments) =>
        new(kind, specPath, string.Format(CultureInfo.InvariantCulture, kind.MessageFormat, arguments));

    /// <summary>The finding at its place in a file.</summary>
    public DiagnosticInfo Locate(string path, SourceMap source) => new(Kind, Message, path, source.Find(SpecPath) ?? SourceSpan.FileStart);
}
