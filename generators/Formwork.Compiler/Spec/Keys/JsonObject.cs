using System.Globalization;
using System.Text;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>
/// A JSON object that keeps the order of its members. Values are strings, booleans, numbers, arrays of values and objects. There is no
/// JSON library in netstandard2.0, and a generator should not carry one for a schema.
/// </summary>
internal sealed class JsonObject : List<KeyValuePair<string, object>>
{
    /// <summary>Adds a member.</summary>
    public void Add(string name, object value) => Add(new KeyValuePair<string, object>(name, value));

    /// <summary>The object as text, two spaces a level, without a newline at the end.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, this, "\n");
        return text.ToString();
    }

    private static void Write(StringBuilder text, object value, string newLine)
    {
        switch (value)
        {
            case JsonObject members:
                WriteItems(text, '{', '}', newLine, members, (member, inner) =>
                {
                    WriteString(text, member.Key);
                    text.Append(": ");
                    Write(text, member.Value, inner);
                });
                break;
            case string words:
                WriteString(text, words);
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case IEnumerable<object> items:
                WriteItems(text, '[', ']', newLine, items, (item, inner) => Write(text, item, inner));
                break;
            default:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteItems<T>(StringBuilder text, char open, char close, string newLine, IEnumerable<T> items, Action<T, string> write)
    {
        string inner = newLine + "  ";
        string separator = inner;
        text.Append(open);
        foreach (T item in items)
        {
            text.Append(separator);
            write(item, inner);
            separator = "," + inner;
        }
        if (separator != inner)
            text.Append(newLine);
        text.Append(close);
    }

    private static void WriteString(StringBuilder text, string words) =>
        text.Append('"').Append(words.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")).Append('"');
}
