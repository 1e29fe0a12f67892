using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>A list. Read as a list of <see cref="SpecValue"/>.</summary>
internal sealed class ListKind(string expectation, ValueKind item, int minimumCount = 0) : ValueKind
{
    public override string Expectation => expectation;

    public override bool HasForm(YamlNode node) => node is YamlSequence sequence && sequence.Items.Count >= minimumCount;

    public override JsonObject Schema()
    {
        var schema = new JsonObject { { "type", "array" }, { "items", item.Schema() } };
        if (minimumCount > 0)
            schema.Add("minItems", minimumCount);
        return schema;
    }

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading) =>
        ((YamlSequence)node).Items.Select((value, index) => item.Read(value, $"{path}[{index}]", reading)).ToArray();
}
