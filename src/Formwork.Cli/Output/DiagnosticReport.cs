using Formwork.Compiler;
using Formwork.Compiler.Diagnostics;
using Spectre.Console;

namespace Formwork.Cli.Output;

/// <summary>Shows findings on standard error, each as <c>path(line,column): error FWK…</c> and the line of the spec with the place underlined.</summary>
internal sealed class DiagnosticReport(Terminal terminal)
{
    private const int ExcerptWidth = 100;
    private const int TabWidth = 4;

    /// <summary>Writes all findings in one spec.</summary>
    public void Write(ModelText text, IEnumerable<DiagnosticInfo> diagnostics)
    {
        string[] lines = text.Text.Split('\n');
        foreach (DiagnosticInfo diagnostic in diagnostics)
            Write(lines, diagnostic);
    }

    private void Write(string[] lines, DiagnosticInfo diagnostic)
    {
        SourceSpan span = diagnostic.Span;
        Style style = StyleOf(diagnostic.Kind.Level);
        string level = diagnostic.Kind.Level.ToString().ToLowerInvariant();
        var report = new Paragraph()
            .Append($"{diagnostic.Path}({span.Line + 1},{span.Column + 1}): ")
            .Append($"{level} {diagnostic.Kind.Id}", style)
            .Append($": {diagnostic.Message}\n");
        if (span.Line < lines.Length && lines[span.Line].Trim().Length > 0)
        {
            (string excerpt, int column, int length) = Excerpt(lines[span.Line].TrimEnd('\r'), span.Column, span.Length);
            string number = $"{span.Line + 1,6}";
            report.Append($"{number} | {excerpt}\n{new string(' ', number.Length)} | {new string(' ', column)}")
                .Append(new string('^', length) + "\n", style);
        }
        terminal.Messages.Write(report);
    }

    private static Style StyleOf(DiagnosticLevel level) => new(level switch
    {
        DiagnosticLevel.Error => Color.Red,
        DiagnosticLevel.Warning => Color.Yellow,
        _ => Color.Blue,
    });

    // The part of a line around a place: at most ExcerptWidth characters, tabs widened so that the carets stand under what they mean.
    private static (string Excerpt, int Column, int Length) Excerpt(string line, int column, int length)
    {
        column = Math.Min(column, line.Length);
        length = Math.Min(length, line.Length - column);
        int first = Math.Max(0, Math.Min(column - ExcerptWidth / 2, line.Length - ExcerptWidth));
        int last = Math.Min(line.Length, first + ExcerptWidth);
        string before = Widened(line[first..column]), place = Widened(line[column..Math.Min(column + length, last)]);
        string after = Widened(line[Math.Min(column + length, last)..last]);
        return (before + place + after, before.Length, Math.Max(1, place.Length));
    }

    private static string Widened(string text) =>
        string.Concat(text.Select(character => character == '\t' ? new string(' ', TabWidth) : char.IsControl(character) ? "\uFFFD" : character.ToString()));
}
