using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Formwork.Cli.Commands.Learning;

/// <summary>The results of an evaluation, each as a line to read and as a number for programs.</summary>
internal sealed class EvaluationReport
{
    private readonly List<string> _lines = [];
    private readonly List<(string Name, object Value)> _values = [];

    /// <summary>Adds a result.</summary>
    /// <param name="name">Its name for programs.</param>
    /// <param name="value">A number or a text.</param>
    /// <param name="line">What is said of it; null for nothing.</param>
    public void Add(string name, object value, string? line)
    {
        _values.Add((name, value));
        if (line is not null)
            _lines.Add(line);
    }

    /// <summary>A line a result.</summary>
    public string ToText() => string.Concat(_lines.Select(line => line + "\n"));

    /// <summary>One JSON object on a line.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach ((string name, object value) in _values)
            {
                if (value is string text)
                    json.WriteString(name, text);
                else
                    json.WriteNumber(name, Convert.ToDouble(value, CultureInfo.InvariantCulture));
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
