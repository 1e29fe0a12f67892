using Formwork.Compiler.Diagnostics;

namespace Formwork.Compiler.Spec;

/// <summary>Where in the YAML each part of a spec stands, by spec path (<c>layers.1.attention.heads</c>). Kept apart from <see cref="ModelSpec"/> so that moving text does not change the spec.</summary>
public sealed class SourceMap
{
    private readonly Dictionary<string, SourceSpan> _spans = [];

    /// <summary>Records where a path's value stands.</summary>
    public void Add(string path, SourceSpan span) => _spans[path] = span;

    /// <summary>The span of a path, or of its nearest ancestor that has one; null when not even the root has.</summary>
    public SourceSpan? Find(string path)
    {
        for (string at = path; ;)
        {
            if (_spans.TryGetValue(at, out SourceSpan? span))
                return span;
            if (at.Length == 0)
                return null;
            int dot = at.LastIndexOf('.');
            at = dot < 0 ? "" : at.Substring(0, dot);
        }
    }
}
