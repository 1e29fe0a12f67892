using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>One of a few names. Read as the enumeration's value.</summary>
internal sealed class ChoiceKind(Choices choices) : ValueKind
{
    public override string Expectation => choices.Rows.Count == 1
        ? $"`{choices.Rows[0].Name}`"
        : "one of " + string.Join(", ", choices.Rows.Select(row => $"`{row.Name}`"));

    public override bool HasForm(YamlNode node) => node is YamlScalar { IsNull: false };

    public override JsonObject Schema() => new()
    {
        { "type", "string" },
        { "enum", choices.Rows.Select(row => (object)row.Name) },
        // Not of the standard, and shown by editors.
        { "enumDescriptions", choices.Rows.Select(row => (object)row.Description) },
    };

    public override string Write(object data) => choices.Name((Enum)data);

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading)
    {
        string text = ((YamlScalar)node).Text;
        if (choices.Find(text) is { } row)
            return row.Value;
        string suggestion = NearestName.Suggest(text, choices.Rows.Select(row => row.Name));
        reading.Diagnostics.Report(DiagnosticCatalog.UnknownValue, node.Span, path, SpecReading.Shorten(text), Expectation, suggestion);
        return null;
    }
}
