using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>A section whose keys are free, with values of one kind. Read as a list of (key, its place, value).</summary>
internal sealed class MapKind(string expectation, ValueKind value) : ValueKind
{
    public override string Expectation => expectation;

    public override bool HasForm(YamlNode node) => node is YamlMapping;

    public override JsonObject Schema() => new() { { "type", "object" }, { "additionalProperties", value.Schema() } };

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading) => ((YamlMapping)node).Entries
        .Select(entry => new MapEntry(entry.Key, entry.KeySpan, value.Read(entry.PlacedValue, SpecPath.Child(path, entry.Key), reading)))
        .ToArray();
}

/// <summary>An entry of a <see cref="MapKind"/>.</summary>
internal sealed record MapEntry(string Key, Diagnostics.SourceSpan KeySpan, SpecValue Value);
