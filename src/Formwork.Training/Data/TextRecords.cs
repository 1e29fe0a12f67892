using System.Text.Json;
using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>Examples from text files (UTF-8, plain or <c>.gz</c>), read as they are asked for.</summary>
public static class TextRecords
{
    /// <summary>A text a line.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or is no UTF-8.</exception>
    public static IEnumerable<TextRecord> Lines(string path) => TextFile.Lines(path).Select((text, index) => new TextRecord(path, index + 1L, text));

    /// <summary>A pair of texts from each two lines of two files that have the same number.</summary>
    /// <exception cref="InvalidInputException">A file cannot be read or is no UTF-8, or one has more lines than the other.</exception>
    public static IEnumerable<TextRecord> Parallel(string sourcePath, string targetPath)
    {
        using IEnumerator<string> source = TextFile.Lines(sourcePath).GetEnumerator(), target = TextFile.Lines(targetPath).GetEnumerator();
        for (long line = 1; ; line++)
        {
            bool more = source.MoveNext(), moreTarget = target.MoveNext();
            if (more && moreTarget)
                yield return new TextRecord(sourcePath, line, source.Current, target.Current);
            else if (more || moreTarget)
                throw Unequal(line - 1 + Rest(source, more), line - 1 + Rest(target, moreTarget));
            else
                yield break;
        }

        InvalidInputException Unequal(long sources, long targets) => new(targetPath, null, $"{targets} lines",
            $"{sources}, as many as {sourcePath} has", "Give two files in which line i of one is the translation of line i of the other.");
    }

    /// <summary>A text, or a pair of texts, from each line, which is a JSON object. Fields that are not asked for do not matter; lines of white space are passed over.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or a line is not such an object.</exception>
    public static IEnumerable<TextRecord> JsonLines(string path, JsonFields? fields = null)
    {
        fields ??= new JsonFields();
        return TextFile.Lines(path).Select((text, index) => (Text: text, Line: index + 1L)).Where(line => !string.IsNullOrWhiteSpace(line.Text))
            .Select(line => Read(path, line.Line, line.Text, fields));
    }

    private static long Rest(IEnumerator<string> lines, bool more)
    {
        long count = 0;
        for (; more; more = lines.MoveNext())
            count++;
        return count;
    }

    private static TextRecord Read(string path, long line, string text, JsonFields fields)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object)
                throw Fault(path, line, $"JSON of the kind {json.ValueKind}", "an object");
            return new TextRecord(path, line, Text(json, fields.Text), fields.Target is { } target ? Text(json, target) : null,
                fields.Label is { } label ? Label(json, label) : -1);
        }
        catch (JsonException error)
        {
            throw new InvalidInputException(path, $"line {line}", $"broken JSON ({error.Message})", "a JSON object a line", "Correct the line.", error);
        }

        string Text(JsonElement json, string name)
        {
            JsonElement value = Field(json, name);
            if (value.ValueKind != JsonValueKind.String)
                throw Fault(path, line, $"\"{name}\" of the kind {value.ValueKind}", "a text");
            try
            {
                return value.GetString()!;
            }
            catch (InvalidOperationException error)
            {
                throw new InvalidInputException(path, $"line {line}", $"half a surrogate pair in \"{name}\"", "a text of whole characters", "Correct the line.", error);
            }
        }

        int Label(JsonElement json, string name)
        {
            JsonElement value = Field(json, name);
            return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int label) && label >= 0
                ? label
                : throw Fault(path, line, $"\"{name}\": {value.GetRawText()}", "the number of a class, from 0");
        }

        JsonElement Field(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value)
            ? value
            : throw Fault(path, line, $"the fields {string.Join(", ", json.EnumerateObject().Select(field => $"\"{field.Name}\""))}", $"a field \"{name}\"");
    }

    private static InvalidInputException Fault(string path, long line, string found, string expected) =>
        new(path, $"line {line}", found, expected, "Correct the line, or name the fields.");
}
