using System.Globalization;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Diagnostics;

/// <summary>Collects the findings of one file, each once, up to a number that people still read.</summary>
public sealed class DiagnosticBag(string path)
{
    /// <summary>How many findings a file gets before the rest are only counted.</summary>
    public const int Capacity = 100;

    private readonly List<DiagnosticInfo> _found = [];
    private readonly HashSet<DiagnosticInfo> _seen = [];
    private int _omitted;

    /// <summary>Whether any finding is an error.</summary>
    public bool HasErrors => _found.Any(diagnostic => diagnostic.Kind.Level == DiagnosticLevel.Error);

    /// <summary>Whether further findings are only counted, so that their words need no thought.</summary>
    public bool IsFull => _found.Count == Capacity;

    /// <summary>Adds a finding, unless it has been added before.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="span">The place.</param>
    /// <param name="details">What fills the holes of the kind's message, formatted in the invariant culture.</param>
    public void Report(DiagnosticKind kind, SourceSpan span, params object?[] details)
    {
        if (IsFull)
        {
            _omitted++;
            return;
        }
        var found = new DiagnosticInfo(kind, string.Format(CultureInfo.InvariantCulture, kind.MessageFormat, details), path, span);
        if (_seen.Add(found))
            _found.Add(found);
    }

    /// <summary>All findings, in the order of their places.</summary>
    public EquatableArray<DiagnosticInfo> ToArray()
    {
        IEnumerable<DiagnosticInfo> ordered = _found.OrderBy(diagnostic => diagnostic.Span.Start);
        if (_omitted == 0)
            return ordered.ToEquatableArray();
        var rest = new DiagnosticBag(path);
        rest.Report(DiagnosticCatalog.TooManyErrors, SourceSpan.FileStart, _omitted);
        return ordered.Concat(rest._found).ToEquatableArray();
    }
}
