using System.Collections;
using System.Globalization;

namespace Formwork.Import.Drafts;

/// <summary>
/// A section of a spec that is being written: keys in the order in which they were first set, each with YAML text or a section of its own.
/// Setting null, or a value that is the usual one, leaves a key out.
/// </summary>
internal sealed class Section : IEnumerable<KeyValuePair<string, object>>
{
    private readonly List<KeyValuePair<string, object>> _members = [];

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => _members.Count == 0;

    /// <summary>Adds or replaces a value that is YAML already.</summary>
    public void Add(string key, string? value) => Put(key, value);

    /// <summary>Adds or replaces a section; an empty one is left out.</summary>
    public void Add(string key, Section? value) => Put(key, value is { IsEmpty: true } ? null : value);

    /// <summary>Adds or replaces a whole number.</summary>
    public void Add(string key, int? value) => Put(key, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds or replaces a number.</summary>
    public void Add(string key, double? value) => Put(key, value is { } number ? Number(number) : null);

    /// <summary>Adds or replaces yes or no.</summary>
    public void Add(string key, bool? value) => Put(key, value is { } flag ? Truth(flag) : null);

    /// <summary>Adds or replaces yes or no, unless it is what it would be anyway.</summary>
    public void Add(string key, bool value, bool usual) => Put(key, value == usual ? null : Truth(value));

    /// <summary>Adds or replaces a whole number, unless it is what it would be anyway.</summary>
    public void Add(string key, int value, int usual) => Add(key, value == usual ? null : (int?)value);

    /// <summary>Adds or replaces a number, unless it is what it would be anyway.</summary>
    public void Add(string key, double value, double usual) => Add(key, value == usual ? null : (double?)value);

    /// <summary>Adds or replaces a list of numbers.</summary>
    public void Add(string key, IEnumerable<double> values) => Put(key, "[" + string.Join(", ", values.Select(Number)) + "]");

    /// <summary>Adds or replaces a list of whole numbers; an empty one is left out.</summary>
    public void Add(string key, IReadOnlyCollection<int> values) =>
        Put(key, values.Count == 0 ? null : "[" + string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture))) + "]");

    /// <summary>The section under a key, made when it is not there.</summary>
    public Section Inner(string key)
    {
        if (_members.Find(member => member.Key == key).Value is Section inner)
            return inner;
        inner = [];
        _members.Add(new(key, inner));
        return inner;
    }

    /// <summary>Whether a key is set.</summary>
    public bool Has(string key) => _members.Exists(member => member.Key == key);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => _members.GetEnumerator();

    /// <summary>The section on one line: <c>{heads: 12, bias: true}</c>.</summary>
    public override string ToString() => "{" + string.Join(", ", _members.Select(member => $"{member.Key}: {member.Value}")) + "}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The shortest digits that give the same number again, and an exponent as people write it: <c>1e-5</c>.</summary>
    public static string Number(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('E');
        if (exponent < 0)
            return text;
        int power = int.Parse(text[(exponent + 1)..], CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{text[..exponent]}e{power}");
    }

    private static string Truth(bool value) => value ? "true" : "false";

    private void Put(string key, object? value)
    {
        int at = _members.FindIndex(member => member.Key == key);
        if (value is null)
            _members.RemoveAll(member => member.Key == key);
        else if (at < 0)
            _members.Add(new(key, value));
        else
            _members[at] = new(key, value);
    }
}
