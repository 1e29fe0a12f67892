using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>
/// Writes the JSON Schema of specs from the table that the parser checks against. Editors complete and check with it; rules that join
/// several keys, such as heads that divide the width, only the parser knows.
/// </summary>
public static class SchemaWriter
{
    /// <summary>The schema (draft-07, which editors know best), lines ended by <c>\n</c>.</summary>
    public static string Write()
    {
        var schema = new JsonObject
        {
            { "$schema", "http://json-schema.org/draft-07/schema#" },
            { "title", "Formwork model" },
            { "description", "A transformer, compiled to C#." },
        };
        schema.AddRange(SpecKeys.Model.Schema());
        // What an encoder or decoder section may say instead is not required here.
        schema.Add("required", SpecKeys.Model.Keys.Where(key => key.Required && !SpecKeys.IsOfStack(key)).Select(key => (object)key.Name));
        var definitions = new JsonObject();
        foreach (SectionKind section in SpecKeys.Definitions)
            definitions.Add(section.Definition!, section.WholeSchema());
        schema.Add("definitions", definitions);
        return schema + "\n";
    }
}
