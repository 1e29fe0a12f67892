namespace Formwork.Compiler.Diagnostics;

/// <summary>How bad a finding is.</summary>
public enum DiagnosticLevel
{
    /// <summary>A note, for example on speed.</summary>
    Info,

    /// <summary>The model compiles, and probably not as meant.</summary>
    Warning,

    /// <summary>The model does not compile.</summary>
    Error,
}

/// <summary>A kind of finding: a row of <see cref="DiagnosticCatalog"/>.</summary>
/// <param name="Id"><c>FWK</c> and four digits, in blocks by stage.</param>
/// <param name="Title">A short fact.</param>
/// <param name="Level">Its default severity.</param>
/// <param name="MessageFormat">What, where, found, expected, remedy, as a composite format string.</param>
public sealed record DiagnosticKind(string Id, string Title, DiagnosticLevel Level, string MessageFormat);

/// <summary>One finding in one file, free of Roslyn's types so that it can be compared and cached.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Message">The formatted message.</param>
/// <param name="Path">The file.</param>
/// <param name="Span">The place.</param>
public sealed record DiagnosticInfo(DiagnosticKind Kind, string Message, string Path, SourceSpan Span)
{
    /// <summary><c>path(line,column): error FWK0203: message</c>, the form that editors and build logs link.</summary>
    public override string ToString() =>
        $"{Path}({Span.Line + 1},{Span.Column + 1}): {Kind.Level.ToString().ToLowerInvariant()} {Kind.Id}: {Message}";
}
