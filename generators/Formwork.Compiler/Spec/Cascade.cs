using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>
/// A section as it holds for one stack or one group of layers: what is written nearest counts (group, then <c>decoder</c>, then the
/// file), key by key. Asking for a required key that nobody wrote reports it. A value that is missing or could not be read is null,
/// so that rules over it are silent.
/// </summary>
internal sealed class Cascade
{
    private readonly SectionKind _kind;
    private readonly IReadOnlyList<SectionValues> _sections;
    private readonly DiagnosticBag _diagnostics;

    /// <summary>The sections that are written, nearest first.</summary>
    public Cascade(SectionKind kind, IEnumerable<SectionValues?> sections, DiagnosticBag diagnostics)
    {
        _kind = kind;
        _sections = sections.OfType<SectionValues>().ToArray();
        _diagnostics = diagnostics;
    }

    /// <summary>The places of what is written here, by key.</summary>
    public IEnumerable<(string Key, SourceSpan Span)> Places => _kind.Keys
        .Select(key => (key.Name, Find(key.Name)?.Span))
        .Where(place => place.Span is not null)
        .Select(place => (place.Name, place.Span!));

    /// <summary>The place of the section itself; null when it is not written.</summary>
    public SourceSpan? Span => _sections.FirstOrDefault()?.Span;

    /// <summary>The same with a nearer section.</summary>
    public Cascade With(SectionValues? nearer) => new(_kind, _sections.Prepend(nearer!), _diagnostics);

    /// <summary>A section within this one.</summary>
    public Cascade Section(string key)
    {
        Require(key);
        ValueKind value = _kind.Find(key)!.Value;
        // What stands behind a `none` is undone by it.
        IEnumerable<SectionValues> inForce = _sections.TakeWhile(section => section.Find(key)?.Data is not NoneChoice);
        return new(value as SectionKind ?? ((EitherKind)value).Section!, inForce.Select(section => section.Section(key)), _diagnostics);
    }

    /// <summary>A section within this one that can be left out; null when it is.</summary>
    public Cascade? OptionalSection(string key) => Find(key)?.Data is SectionValues ? Section(key) : null;

    /// <summary>This section's values before those of another of the same kind.</summary>
    public Cascade Before(Cascade outer) => new(_kind, _sections.Concat(outer._sections), _diagnostics);

    /// <summary>A key's nearest value; null when nobody wrote it.</summary>
    public SpecValue? Find(string key) => FindAt(key).Value;

    /// <summary>A key's data; null when nobody wrote it (reported when it is required) or it could not be read.</summary>
    public object? Data(string key)
    {
        Require(key);
        return Find(key)?.Data;
    }

    public int? Integer(string key) => Data(key) as int?;

    public double? Number(string key) => Data(key) as double?;

    public bool? Flag(string key) => Data(key) as bool?;

    public string? Text(string key) => Data(key) as string;

    public T? Choice<T>(string key)
        where T : struct, Enum => Data(key) as T?;

    /// <summary>One of several flags that can be given all alike (<c>bias: true</c>) or one by one (<c>bias: {query: true}</c>).</summary>
    public bool FlagOf(string key, string part)
    {
        foreach (SectionValues section in _sections)
        {
            object? data = section.Find(key)?.Data;
            if ((data as bool? ?? (data as SectionValues)?.Find(part)?.Data as bool?) is { } flag)
                return flag;
        }
        return false;
    }

    /// <summary>Reports keys that mean nothing beside what another key says: <c>pairing</c> without rotary positions.</summary>
    public void CheckConditions()
    {
        foreach (SpecKey key in _kind.Keys)
        {
            if (key.When is not { } condition || FindAt(key.Name) is not { Value.Data: not (null or false) } found)
                continue;
            (SpecValue? decider, int deciderDepth) = FindAt(condition.Key);
            // What an outer section says of its own kind may stand idle when a nearer one changes the kind.
            if (decider?.Data is null || found.Depth > deciderDepth)
                continue;
            string value = _kind.Find(condition.Key)!.Value.Write(decider.Data);
            if (condition.Values.Contains(value))
                continue;
            string remedy = $"it belongs to `{condition.Key}` {string.Join(" or ", condition.Values)}; remove it";
            _diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, found.Value.Span, found.Value.Path, $"with `{condition.Key}` {value}", remedy);
        }
    }

    private (SpecValue? Value, int Depth) FindAt(string key)
    {
        for (int depth = 0; depth < _sections.Count; depth++)
        {
            if (_sections[depth].Find(key) is { } value)
                return (value, depth);
        }
        return (null, _sections.Count);
    }

    private void Require(string name)
    {
        // A section that is missing altogether has been reported as such.
        if (_sections.Count == 0 || Find(name) is not null || _kind.Find(name) is not { Required: true } key)
            return;
        SectionValues outermost = _sections[_sections.Count - 1];
        _diagnostics.Report(DiagnosticCatalog.MissingKey, outermost.Span, SpecPath.Child(outermost.Path, name), key.Value.Expectation);
    }
}
