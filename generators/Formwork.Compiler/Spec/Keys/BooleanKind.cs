using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary><c>true</c> or <c>false</c>. Read as <see cref="bool"/>.</summary>
internal sealed class BooleanKind : ValueKind
{
    public override string Expectation => "`true` or `false`";

    public override bool HasForm(YamlNode node) => node is YamlScalar { Quoted: false, Text: "true" or "false" };

    public override JsonObject Schema() => new() { { "type", "boolean" } };

    public override string Write(object data) => (bool)data ? "true" : "false";

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading) => ((YamlScalar)node).Text == "true";
}
