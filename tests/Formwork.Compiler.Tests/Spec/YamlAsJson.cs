using System.Text.Json;
using System.Text.Json.Nodes;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>Says a YAML text as JSON, as editors do before they ask a schema.</summary>
internal static class YamlAsJson
{
    public static string Convert(string yaml)
    {
        YamlNode node = YamlReader.Read(yaml, new DiagnosticBag("")) ?? throw new ArgumentException("no YAML", nameof(yaml));
        return ToJson(node)?.ToJsonString() ?? "null";
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMapping mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value)))),
        YamlSequence sequence => new JsonArray([.. sequence.Items.Select(ToJson)]),
        YamlScalar { IsNull: true } => null,
        YamlScalar { Quoted: false } scalar => Plain(scalar.Text),
        YamlScalar scalar => JsonValue.Create(scalar.Text),
        _ => throw new ArgumentException("an alias", nameof(node)),
    };

    private static JsonNode? Plain(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
