using System.Text.Json;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Spec.Keys;
using Formwork.TestSupport;
using NJsonSchema;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>The JSON Schema says what the parser says, as far as a schema can.</summary>
public sealed class SchemaTests
{
    private const string Accept = "FORMWORK_ACCEPT";
    private static readonly Lazy<Task<JsonSchema>> Schema = new(() => JsonSchema.FromJsonAsync(SchemaWriter.Write()));

    [Fact]
    public void CheckedInSchemaIsTheWritten()
    {
        string path = Path.Combine(TestData.Repository, "models", "formwork.schema.json");
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(path, SchemaWriter.Write());
        Assert.True(SchemaWriter.Write() == File.ReadAllText(path), $"models/formwork.schema.json is not what SchemaWriter writes; run this test with {Accept}=1 to write it anew.");
    }

    [Theory, MemberData(nameof(ModelFilesTests.Files), MemberType = typeof(ModelFilesTests))]
    public async Task EveryShippedModelIsValid(string file)
    {
        string json = YamlAsJson.Convert(File.ReadAllText(Path.Combine(TestData.Repository, file)));
        Assert.Empty((await Schema.Value).Validate(json));
    }

    [Fact]
    public async Task TypesNamesRangesAndUnknownKeysAreRefused()
    {
        JsonSchema schema = await Schema.Value;
        var kinds = new[] { "FWK0101", "FWK0201", "FWK0202", "FWK0204" };
        foreach (BrokenSpec broken in BrokenSpecs.All.Where(broken => kinds.Contains(broken.Kind.Id) && !FitsNoLong(broken)))
            Assert.True(schema.Validate(YamlAsJson.Convert(broken.Text)).Count > 0, broken.Name);
    }

    // NJsonSchema itself fails on such numbers.
    private static bool FitsNoLong(BrokenSpec broken) => broken.Text.Contains("99999999999999999999");

    [Fact]
    public void EveryKeyHasADescriptionAndIsInTheSchema()
    {
        using var document = JsonDocument.Parse(SchemaWriter.Write());
        JsonElement root = document.RootElement;
        Check(SpecKeys.Model, root);

        void Check(SectionKind section, JsonElement schema)
        {
            foreach (SpecKey key in section.Keys)
            {
                Assert.Matches("^[A-Z].*[.)]$", key.Description);
                JsonElement property = schema.GetProperty("properties").GetProperty(key.Name);
                Assert.StartsWith(key.Description, property.GetProperty("description").GetString());
                if (key.Value is SectionKind inner)
                    Check(inner, inner.Definition is null ? property : root.GetProperty("definitions").GetProperty(inner.Definition));
            }
        }
    }
}
