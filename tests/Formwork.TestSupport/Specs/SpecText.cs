using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.TestSupport.Specs;

/// <summary>A spec as text, for the message of a test that fails.</summary>
public static class SpecText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The spec as JSON on one line, without the entries that its layout shares with the canonical one.</summary>
    public static string Of(ModelSpec spec)
    {
        EquatableArray<LayoutEntry> changed = spec.Weights.Entries.Except(CanonicalLayout.Value.Entries).ToEquatableArray();
        return JsonSerializer.Serialize(spec with { Weights = spec.Weights with { Entries = changed } }, Options);
    }
}
