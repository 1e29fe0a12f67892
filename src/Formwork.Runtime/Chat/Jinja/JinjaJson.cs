using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Chat.Jinja;

/// <summary>Writes values as JSON, as Python's <c>json.dumps</c> with <c>ensure_ascii=False</c> does: transformers' <c>tojson</c>.</summary>
internal static class JinjaJson
{
    /// <summary>The text; on several lines where <paramref name="indent"/> is given.</summary>
    /// <exception cref="JinjaException">A value cannot be written.</exception>
    public static JinjaText Write(object? value, int? indent, int position)
    {
        var json = new StringBuilder();
        Write(value, indent, 0, json, position);
        return JinjaText.Of(json.ToString(), JinjaValues.IsAnyForeign(value));
    }

    private static void Write(object? value, int? indent, int depth, StringBuilder json, int position)
    {
        switch (value)
        {
            case null: json.Append("null"); break;
            case bool truth: json.Append(truth ? "true" : "false"); break;
            case long number: json.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: json.Append(JinjaValues.Written(number)); break;
            case JinjaText text: WriteText(text.Value, json); break;
            case List<object?> list:
                WriteAll('[', ']', list, item => Write(item, indent, depth + 1, json, position), indent, depth, json);
                break;
            case JinjaDictionary { IsNamespace: false } dictionary:
                WriteAll('{', '}', [.. dictionary], member =>
                {
                    WriteText(member.Key.Value, json);
                    json.Append(": ");
                    Write(member.Value, indent, depth + 1, json, position);
                }, indent, depth, json);
                break;
            default: throw new JinjaException(position, JinjaValues.Kind(value), "a value that JSON can write");
        }
    }

    private static void WriteAll<T>(char open, char close, IReadOnlyList<T> items, Action<T> write, int? indent, int depth, StringBuilder json)
    {
        json.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            json.Append(i == 0 ? "" : indent is null ? ", " : ",");
            if (indent is { } step)
                json.Append('\n').Append(' ', step * (depth + 1));
            write(items[i]);
        }
        if (indent is { } last && items.Count > 0)
            json.Append('\n').Append(' ', last * depth);
        json.Append(close);
    }

    private static void WriteText(string text, StringBuilder json)
    {
        json.Append('"');
        foreach (char character in text)
        {
            switch (character)
            {
                case '"': json.Append("\\\""); break;
                case '\\': json.Append("\\\\"); break;
                case '\n': json.Append("\\n"); break;
                case '\r': json.Append("\\r"); break;
                case '\t': json.Append("\\t"); break;
                case '\b': json.Append("\\b"); break;
                case '\f': json.Append("\\f"); break;
                case < ' ': json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"); break;
                default: json.Append(character); break;
            }
        }
        json.Append('"');
    }
}
