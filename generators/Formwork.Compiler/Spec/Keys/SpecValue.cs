using Formwork.Compiler.Diagnostics;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>A value of a spec with its place.</summary>
/// <param name="Data">What its <see cref="ValueKind"/> makes of it; null when it could not be read, which has been reported.</param>
/// <param name="Path">Its path.</param>
/// <param name="Span">Its place: the value's own, or its key's when the value is a section.</param>
internal sealed record SpecValue(object? Data, string Path, SourceSpan Span);

/// <summary>The values of a section, by key; keys that are not written are missing.</summary>
internal sealed class SectionValues(SectionKind kind, string path, SourceSpan span) : Dictionary<string, SpecValue>
{
    /// <summary>The section's keys.</summary>
    public SectionKind Kind { get; } = kind;

    /// <summary>The section's path.</summary>
    public string Path { get; } = path;

    /// <summary>Where the section starts.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>A key's value; null when it is not written.</summary>
    public SpecValue? Find(string key) => TryGetValue(key, out SpecValue? value) ? value : null;

    /// <summary>A section within this one; null when it is not written, or is not a section.</summary>
    public SectionValues? Section(string key) => Find(key)?.Data as SectionValues;

    /// <summary>A text; null when it is not written or could not be read.</summary>
    public string? Text(string key) => Find(key)?.Data as string;

    /// <summary>The items of a list that could be read; none when it is not written.</summary>
    public IEnumerable<T> List<T>(string key) => (Find(key)?.Data as IReadOnlyList<SpecValue> ?? []).Select(item => item.Data).OfType<T>();
}
