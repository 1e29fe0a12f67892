using System.Globalization;

namespace Formwork.Runtime.Tokenization;

/// <summary>Written forms and ids, both ways. Ids may have holes; two forms never share one.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string?> _forms = [];
    private readonly HashSet<int> _hidden = [];

    /// <summary>One more than the greatest id.</summary>
    public int Size => _forms.Count;

    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>As <see cref="TryFind"/> for a piece of text, which must not be the written form of a token that steers the model.</summary>
    public bool TryFindText(ReadOnlySpan<char> form, out int id) => TryFind(form, out id) && !_hidden.Contains(id);

    /// <summary>Says which tokens steer the model.</summary>
    public void Hide(IEnumerable<int> ids) => _hidden.UnionWith(ids);

    public bool TryFind(ReadOnlySpan<char> form, out int id) => _ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(form, out id);

    /// <summary>The written form of an id; null where there is none.</summary>
    public string? Form(int id) => (uint)id < (uint)_forms.Count ? _forms[id] : null;

    /// <summary>Adds a form; tells what is wrong when either is taken already.</summary>
    public string? TryAdd(string form, int id)
    {
        if (Form(id) is { } other && other != form)
            return string.Create(CultureInfo.InvariantCulture, $"id {id} for both {PlainText.Quoted(other)} and {PlainText.Quoted(form)}");
        if (!_ids.TryAdd(form, id) && _ids[form] != id)
            return string.Create(CultureInfo.InvariantCulture, $"{PlainText.Quoted(form)} twice, with ids {_ids[form]} and {id}");
        while (_forms.Count <= id)
            _forms.Add(null);
        _forms[id] = form;
        return null;
    }

    /// <summary>Reads a JSON map of written form to id.</summary>
    public static Vocabulary Read(JsonValue map)
    {
        (string Form, JsonValue Value)[] entries = [.. map.Members()];
        if (entries.Length == 0)
            throw map.Wrong("an empty vocabulary", "a map of tokens to ids");
        // Ids may skip some, yet a broken one must not make a table of two thousand million.
        long greatest = 16L * entries.Length + 65_536;
        var vocabulary = new Vocabulary();
        foreach ((string form, JsonValue value) in entries)
        {
            int id = value.Integer();
            if (id < 0 || id > greatest)
                throw value.Wrong($"id {id}", $"0 … {greatest} in a vocabulary of {entries.Length}");
            if (vocabulary.TryAdd(form, id) is { } clash)
                throw value.Wrong(clash, "one id a token");
        }
        return vocabulary;
    }
}
