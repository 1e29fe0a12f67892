using System.Text.Json;

namespace Formwork.Runtime.Tokenization;

/// <summary>A value in a JSON file, with its path from the root, so that what is wrong with it can be told.</summary>
internal readonly record struct JsonValue(JsonFile File, JsonElement Element, string Place)
{
    public JsonValueKind Kind => Element.ValueKind;

    /// <summary>The member of that name; null when it is absent or null.</summary>
    public JsonValue? Find(string name)
    {
        RequireObject();
        try
        {
            return Element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? Member(name, value) : null;
        }
        catch (InvalidOperationException)
        {
            throw BadName();
        }
    }

    /// <summary>The member of that name.</summary>
    /// <exception cref="InvalidInputException">It is absent or null.</exception>
    public JsonValue Get(string name) => Find(name) ?? throw Wrong($"no {name}", $"a member {name}");

    /// <summary>All members, in the file's order.</summary>
    public IEnumerable<(string Name, JsonValue Value)> Members()
    {
        RequireObject();
        foreach (JsonProperty property in Element.EnumerateObject())
        {
            string name = Name(property);
            yield return (name, Member(name, property.Value));
        }
    }

    /// <summary>All items of an array.</summary>
    public IEnumerable<JsonValue> Items()
    {
        if (Kind != JsonValueKind.Array)
            throw Wrong(Found, "an array");
        int index = 0;
        foreach (JsonElement item in Element.EnumerateArray())
            yield return new JsonValue(File, item, $"{Place}[{index++}]");
    }

    public string Text()
    {
        if (Kind != JsonValueKind.String)
            throw Wrong(Found, "a string");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("a string that is no valid Unicode", "a string of whole characters");
        }
    }

    public int Integer() => Kind == JsonValueKind.Number && Element.TryGetInt32(out int value) ? value : throw Wrong(Found, "an integer of 32 bits");

    public float Number() => Kind == JsonValueKind.Number && Element.TryGetSingle(out float value) && float.IsFinite(value) ? value : throw Wrong(Found, "a number");

    public double Double() => Kind == JsonValueKind.Number && Element.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw Wrong(Found, "a number");

    public bool Truth() => Kind is JsonValueKind.True or JsonValueKind.False ? Kind == JsonValueKind.True : throw Wrong(Found, "true or false");

    /// <summary>The value of a member, or <paramref name="absent"/>.</summary>
    public bool Truth(string name, bool absent) => Find(name)?.Truth() ?? absent;

    public InvalidInputException Wrong(string found, string expected, string remedy = "Fetch the file again, or make it with its own tool.") =>
        new(File.Path, Place, found, expected, remedy);

    /// <summary>What stands here, for a message.</summary>
    public string Found => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {Element.GetRawText()}",
        _ => Element.GetRawText(),
    };

    private void RequireObject()
    {
        if (Kind != JsonValueKind.Object)
            throw Wrong(Found, "an object");
    }

    private JsonValue Member(string name, JsonElement value) => new(File, value, $"{Place}.{name}");

    private string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw BadName();
        }
    }

    private InvalidInputException BadName() => Wrong("a name that is no valid Unicode", "names of whole characters");
}
