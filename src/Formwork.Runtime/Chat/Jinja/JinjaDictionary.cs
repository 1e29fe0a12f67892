using System.Collections;

namespace Formwork.Runtime.Chat.Jinja;

/// <summary>A dictionary in the order of its making; also what <c>namespace()</c> makes.</summary>
internal sealed class JinjaDictionary : IEnumerable<KeyValuePair<JinjaText, object?>>
{
    private readonly OrderedDictionary<JinjaText, object?> _members = [];

    /// <summary>Whether <c>set</c> may change members.</summary>
    public bool IsNamespace { get; init; }

    public int Count => _members.Count;

    public object? this[string name]
    {
        set => Set(JinjaText.Of(name), value);
    }

    public void Set(JinjaText name, object? value) => _members[name] = value;

    public bool TryGet(string name, out object? value) => _members.TryGetValue(JinjaText.Of(name), out value);

    public void Add(string name, object? value) => this[name] = value;

    public IEnumerator<KeyValuePair<JinjaText, object?>> GetEnumerator() => _members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
