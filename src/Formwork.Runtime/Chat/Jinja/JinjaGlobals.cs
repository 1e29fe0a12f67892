using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Chat.Jinja;

/// <summary>The functions that every chat template can call.</summary>
internal static class JinjaGlobals
{
    private const int LongestRange = 100_000;

    /// <summary>Puts them into a scope.</summary>
    /// <param name="scope">The outermost scope.</param>
    /// <param name="now">The time that <c>strftime_now</c> tells.</param>
    public static void AddTo(JinjaScope scope, DateTimeOffset now)
    {
        scope.Set("range", (JinjaFunction)Range);
        scope.Set("dict", (JinjaFunction)(arguments => Members(arguments, isNamespace: false)));
        scope.Set("namespace", (JinjaFunction)(arguments => Members(arguments, isNamespace: true)));
        scope.Set("raise_exception", (JinjaFunction)Raise);
        scope.Set("strftime_now", (JinjaFunction)(arguments => JinjaText.Of(Time(JinjaValues.Text(arguments.Require(0, "format")).Value, now))));
    }

    private static List<object?> Range(JinjaArguments arguments)
    {
        int first = arguments.Values.Count > 1 ? arguments.Integer(0, "start", 0) : 0;
        int end = arguments.Integer(arguments.Values.Count > 1 ? 1 : 0, "stop", 0), step = arguments.Integer(2, "step", 1);
        if (step == 0)
            throw new JinjaException(arguments.Position, "a step of 0", "another step");
        var numbers = new List<object?>();
        for (long at = first; step > 0 ? at < end : at > end; at += step)
        {
            if (numbers.Count == LongestRange)
                throw new JinjaException(arguments.Position, $"a range of more than {LongestRange}", "a shorter one");
            numbers.Add(at);
        }
        return numbers;
    }

    private static JinjaDictionary Members(JinjaArguments arguments, bool isNamespace)
    {
        var members = new JinjaDictionary { IsNamespace = isNamespace };
        if (arguments.Values.Count > 0 && arguments.Values[0] is JinjaDictionary first)
        {
            foreach ((JinjaText name, object? value) in first)
                members.Set(name, value);
        }
        foreach ((string name, object? value) in arguments.Named)
            members[name] = value;
        return members;
    }

    private static object Raise(JinjaArguments arguments)
    {
        string reason = JinjaValues.Text(arguments.Get(0, "message", JinjaText.Empty)).Value;
        throw new JinjaException(arguments.Position, "messages that the template refuses", "messages as it wants them") { Refusal = reason };
    }

    /// <summary>C's <c>strftime</c> with English names.</summary>
    private static string Time(string format, DateTimeOffset now)
    {
        var text = new StringBuilder();
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%' || at + 1 == format.Length)
            {
                text.Append(format[at]);
                continue;
            }
            bool unpadded = format[at + 1] == '-' && at + 2 < format.Length;
            at += unpadded ? 2 : 1;
            string part = Part(format[at], now);
            text.Append(unpadded ? part.TrimStart('0') is { Length: > 0 } short_ ? short_ : "0" : part);
        }
        return text.ToString();
    }

    private static string Part(char letter, DateTimeOffset now)
    {
        string? pattern = letter switch
        {
            'Y' => "yyyy", 'y' => "yy", 'm' => "MM", 'd' => "dd", 'B' => "MMMM", 'b' or 'h' => "MMM", 'A' => "dddd", 'a' => "ddd", 'H' => "HH", 'I' => "hh",
            'M' => "mm", 'S' => "ss", 'p' => "tt", 'F' => "yyyy-MM-dd", 'T' => "HH:mm:ss", 'D' => "MM/dd/yy", 'R' => "HH:mm", _ => null,
        };
        if (pattern is not null)
            return now.ToString(pattern, CultureInfo.InvariantCulture);
        return letter switch
        {
            'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'e' => now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'z' => now.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", ""),
            '%' => "%",
            'n' => "\n",
            't' => "\t",
            _ => "%" + letter,
        };
    }
}
