using System.Text.Json;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Ways of reading the parts of tokenizer.json, all of which have a <c>type</c>.</summary>
internal static class JsonPart
{
    public static string Type(this JsonValue part) => part.Get("type").Text();

    public static int Integer(this JsonValue part, string name, int absent) => part.Find(name)?.Integer() ?? absent;

    public static string Text(this JsonValue part, string name, string absent) => part.Find(name)?.Text() ?? absent;

    /// <summary>The one character of a member.</summary>
    public static char Character(this JsonValue part, string name, char absent)
    {
        string text = part.Text(name, absent.ToString());
        return text.Length == 1 ? text[0] : throw part.Get(name).Wrong(PlainText.Quoted(text), "one character");
    }

    /// <summary>The text of a pattern; a regular expression is marked as such.</summary>
    public static (JsonValue Value, bool IsRegex) Pattern(this JsonValue part)
    {
        JsonValue pattern = part.Get("pattern");
        if (pattern.Kind == JsonValueKind.String)
            return (pattern, false);
        return pattern.Find("String") is { } text ? (text, false) : (pattern.Get("Regex"), true);
    }

    /// <summary>The error of a part that this reader does not know.</summary>
    public static InvalidInputException Unsupported(this JsonValue part, string found, string expected) =>
        part.Wrong(found, expected, "That part of tokenizer.json is not supported; use another export of the tokenizer (vocab.json and merges.txt, or tokenizer.model).");
}
