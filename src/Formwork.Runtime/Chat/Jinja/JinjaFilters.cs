using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Chat.Jinja;

/// <summary>The filters of Jinja that chat templates use.</summary>
internal static partial class JinjaFilters
{
    public static object? Apply(string name, object? value, JinjaArguments arguments) => name switch
    {
        "trim" => JinjaValues.Text(value).Trim(arguments.Text(0, "chars")?.Value),
        "upper" => JinjaValues.Text(value).Spelt(text => text.ToUpperInvariant()),
        "lower" => JinjaValues.Text(value).Spelt(text => text.ToLowerInvariant()),
        "title" => JinjaValues.Text(value).Spelt(text => Title(text, character => !char.IsWhiteSpace(character) && !"-({[<".Contains(character))),
        "capitalize" => JinjaValues.Text(value).Spelt(Capitalized),
        "string" or "safe" => JinjaValues.Text(value),
        "replace" => JinjaValues.Text(value).Replace(JinjaValues.Text(arguments.Require(0, "old")).Value, JinjaValues.Text(arguments.Require(1, "new")),
            arguments.Integer(2, "count", -1) is >= 0 and var count ? count : int.MaxValue),
        "indent" => Indented(JinjaValues.Text(value), arguments),
        "wordcount" => (long)JinjaValues.Text(value).Words().Count,
        "tojson" => JinjaJson.Write(value, arguments.Get(0, "indent") is null ? null : Math.Clamp(arguments.Integer(0, "indent", 0), 0, 1000), arguments.Position),
        "default" or "d" => value is Undefined || (arguments.Truth(1, "boolean", false) && !JinjaValues.IsTrue(value)) ? arguments.Get(0, "default_value", JinjaText.Empty) : value,
        "int" => Integer(value, arguments),
        "float" => Float(value, arguments),
        "abs" => value switch { long number => (object)Math.Abs(Math.Max(number, -long.MaxValue)), double number => Math.Abs(number), _ => throw Wrong(value, "a number", arguments) },
        "round" => Math.Round(JinjaValues.Number(value) ?? throw Wrong(value, "a number", arguments), Math.Clamp(arguments.Integer(0, "precision", 0), 0, 15)),
        "length" or "count" => value is JinjaText or List<object?> or JinjaDictionary or Undefined
            ? (long)JinjaValues.Items(value, arguments.Position).Count
            : throw Wrong(value, "a list, a dictionary or a text", arguments),
        _ => OfList(name, value, arguments),
    };

    /// <summary>Every word with a capital, the rest small.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isWithinWord">Whether a character goes on a word; to Jinja's filter most do, to Python's method only letters.</param>
    public static string Title(string text, Func<char, bool> isWithinWord)
    {
        var title = new StringBuilder(text.Length);
        bool within = false;
        foreach (char character in text)
        {
            title.Append(within ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character));
            within = isWithinWord(character);
        }
        return title.ToString();
    }

    /// <summary>The first letter a capital, the rest small.</summary>
    public static string Capitalized(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static JinjaException Wrong(object? value, string expected, JinjaArguments arguments) => new(arguments.Position, JinjaValues.Kind(value), expected);

    private static JinjaText Indented(JinjaText text, JinjaArguments arguments)
    {
        JinjaText margin = arguments.Get(0, "width") is JinjaText given ? given : JinjaText.Of(new string(' ', Math.Clamp(arguments.Integer(0, "width", 4), 0, 1000)));
        bool first = arguments.Truth(1, "first", false), blank = arguments.Truth(2, "blank", false);
        List<JinjaText> lines = text.Split("\n");
        JinjaText end = JinjaText.Of("\n");
        return JinjaText.Join(lines.SelectMany((line, index) =>
        {
            bool moved = index == 0 ? first : blank || line.Value.Length > 0;
            JinjaText[] whole = moved ? [margin, line] : [line];
            return index + 1 < lines.Count ? whole.Append(end) : whole;
        }));
    }

    private static object? Integer(object? value, JinjaArguments arguments) => value switch
    {
        long => value,
        bool truth => truth ? 1L : 0L,
        double number when Math.Abs(number) < long.MaxValue => (long)number,
        JinjaText text when long.TryParse(text.Value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        JinjaText text when double.TryParse(text.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) < long.MaxValue => (long)number,
        _ => arguments.Get(0, "default", 0L),
    };

    private static object? Float(object? value, JinjaArguments arguments) => value switch
    {
        JinjaText text when double.TryParse(text.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => JinjaValues.Number(value) is { } number ? number : arguments.Get(0, "default", 0.0),
    };
}
