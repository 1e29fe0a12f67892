using System.Text.Json;
using Formwork.Runtime;

namespace Formwork.Import.Configuration;

/// <summary>Reads the JSON files of a model's folder.</summary>
internal static class ConfigFile
{
    private const int MostBytes = 64 << 20;

    /// <summary>The object in a file; null when there is no such file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, is too long, or is no JSON object.</exception>
    public static ConfigSection? Find(string folder, params string[] name)
    {
        string path = Path.Combine([folder, .. name]);
        return File.Exists(path) ? Read(path) : null;
    }

    /// <summary>The object in a file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, is too long, or is no JSON object.</exception>
    public static ConfigSection Read(string path)
    {
        JsonElement root = Parse(path);
        return root.ValueKind == JsonValueKind.Object ? new ConfigSection(path, "", root) : throw new InvalidInputException(
            path, null, Described(root), "a JSON object", "Fetch the file again.");
    }

    /// <summary>The value in a file, of whatever kind.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, is too long, or is no JSON.</exception>
    public static JsonElement Parse(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MostBytes)
                throw new InvalidInputException(path, null, $"{length} bytes", $"a configuration of at most {MostBytes}", "Give the folder of a model.");
            ReadOnlyMemory<byte> bytes = File.ReadAllBytes(path);
            using JsonDocument document = JsonDocument.Parse(bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new InvalidInputException(path, $"line {error.LineNumber + 1}", "broken JSON", "a whole JSON document", "Fetch the file again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(path, null, "a file that cannot be read", "a readable file", error.Message, error);
        }
    }

    /// <summary>A value for a message.</summary>
    public static string Described(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        JsonValueKind.String => $"\"{Shorten(Text(value))}\"",
        _ => Shorten(value.GetRawText()),
    };

    /// <summary>A string's text, whatever its bytes.</summary>
    public static string Text(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        // Half a surrogate pair, escaped.
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "...";
}
