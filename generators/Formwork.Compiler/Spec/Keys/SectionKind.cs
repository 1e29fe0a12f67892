using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>A section with known keys. Read as <see cref="SectionValues"/>.</summary>
internal sealed class SectionKind(params SpecKey[] keys) : ValueKind
{
    /// <summary>The keys, in the order in which people write them.</summary>
    public IReadOnlyList<SpecKey> Keys => keys;

    /// <summary>Its name in a schema, where it stands in several places; null when it stands in one.</summary>
    public string? Definition { get; init; }

    public override string Expectation => "a section with keys of " + string.Join(", ", keys.Select(key => $"`{key.Name}`"));

    public override bool HasForm(YamlNode node) => node is YamlMapping;

    /// <summary>The key of a name; null when there is none.</summary>
    public SpecKey? Find(string name) => keys.FirstOrDefault(key => key.Name == name);

    public override JsonObject Schema() => Definition is null
        ? WholeSchema()
        // Beside a bare $ref a description would not count.
        : new JsonObject { { "allOf", new[] { new JsonObject { { "$ref", $"#/definitions/{Definition}" } } } } };

    /// <summary>The schema with all keys, also where <see cref="Schema"/> only refers to it.</summary>
    public JsonObject WholeSchema()
    {
        var properties = new JsonObject();
        foreach (SpecKey key in keys)
        {
            JsonObject schema = key.Value.Schema();
            schema.Insert(0, new KeyValuePair<string, object>("description", key.Default is null ? key.Description : $"{key.Description} Default: {key.Default}."));
            properties.Add(key.Name, schema);
        }
        return new JsonObject { { "type", "object" }, { "properties", properties }, { "additionalProperties", false } };
    }

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading)
    {
        var values = new SectionValues(this, path, node.Span);
        foreach (YamlEntry entry in ((YamlMapping)node).Entries)
        {
            string entryPath = SpecPath.Child(path, entry.Key);
            if (Find(entry.Key) is { } key)
                values[key.Name] = key.Value.Read(entry.PlacedValue, entryPath, reading);
            else if (entry.Value is not YamlUnreadable)
                reading.Diagnostics.Report(DiagnosticCatalog.UnknownKey, entry.KeySpan, SpecReading.Shorten(entryPath), SpecPath.Show(path), reading.Diagnostics.IsFull ? "" : Remedy(entry.Key));
        }
        return values;
    }

    private string Remedy(string written)
    {
        if (NearestName.Find(written, keys.Select(key => key.Name)) is { } nearest)
            return $"did you mean `{nearest}`?";
        string? elsewhere = SpecKeys.SectionsWith(written).FirstOrDefault();
        return elsewhere is null
            ? "its keys are " + string.Join(", ", keys.Select(key => $"`{key.Name}`"))
            : $"it is a key of {SpecPath.Show(elsewhere)}";
    }
}
