using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Chat.Jinja;

/// <summary>
/// What Python does with values: none is null, then <see cref="Undefined"/>, bool, long, double, <see cref="JinjaText"/>, lists and tuples as
/// <c>List&lt;object?&gt;</c>, <see cref="JinjaDictionary"/> and <see cref="JinjaFunction"/>.
/// </summary>
internal static class JinjaValues
{
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool truth => truth,
        long number => number != 0,
        double number => number != 0,
        JinjaText text => text.Value.Length > 0,
        List<object?> list => list.Count > 0,
        JinjaDictionary { IsNamespace: false } dictionary => dictionary.Count > 0,
        _ => true,
    };

    public static new bool Equals(object? one, object? other)
    {
        if (Number(one) is { } left && Number(other) is { } right)
            return left == right;
        return (one, other) switch
        {
            (null, null) or (Undefined, Undefined) => true,
            (JinjaText a, JinjaText b) => a.Value == b.Value,
            (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => Equals(pair.First, pair.Second)),
            (JinjaDictionary { IsNamespace: false } a, JinjaDictionary { IsNamespace: false } b) => a.Count == b.Count && a.All(member => b.TryGet(member.Key.Value, out object? value) && Equals(member.Value, value)),
            _ => ReferenceEquals(one, other),
        };
    }

    /// <summary>The value as a number; null where it is none.</summary>
    public static double? Number(object? value) => value switch { bool truth => truth ? 1 : 0, long whole => whole, double number => number, _ => null };

    /// <summary>Less, equal or greater; null where the two have no order.</summary>
    public static int? Compare(object? one, object? other)
    {
        if (Number(one) is { } left && Number(other) is { } right)
            return left.CompareTo(right);
        switch (one, other)
        {
            case (JinjaText a, JinjaText b):
                return string.CompareOrdinal(a.Value, b.Value);
            case (List<object?> a, List<object?> b):
                for (int i = 0; i < a.Count && i < b.Count; i++)
                {
                    if (!Equals(a[i], b[i]))
                        return Compare(a[i], b[i]);
                }
                return a.Count.CompareTo(b.Count);
            default:
                return null;
        }
    }

    /// <summary>What kind of value it is, for messages.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "none",
        Undefined undefined => $"{undefined.Name}, which is undefined",
        bool => "a truth value",
        long or double => "a number",
        JinjaText => "a text",
        List<object?> => "a list",
        JinjaDictionary { IsNamespace: true } => "a namespace",
        JinjaDictionary => "a dictionary",
        _ => "a function",
    };

    /// <summary>The value as Python prints it.</summary>
    public static JinjaText Text(object? value) => value switch
    {
        JinjaText text => text,
        Undefined => JinjaText.Empty,
        _ => JinjaText.Of(Written(value), IsAnyForeign(value)),
    };

    /// <summary>Whether a text from outside is in it.</summary>
    public static bool IsAnyForeign(object? value) => value switch
    {
        JinjaText text => text.IsAnyForeign,
        List<object?> list => list.Any(IsAnyForeign),
        JinjaDictionary { IsNamespace: false } dictionary => dictionary.Any(member => member.Key.IsAnyForeign || IsAnyForeign(member.Value)),
        _ => false,
    };

    private static string Written(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Written(number),
        JinjaText text => Quoted(text.Value),
        List<object?> list => "[" + string.Join(", ", list.Select(Written)) + "]",
        JinjaDictionary { IsNamespace: false } dictionary => "{" + string.Join(", ", dictionary.Select(member => Written(member.Key) + ": " + Written(member.Value))) + "}",
        _ => Kind(value),
    };

    /// <summary>The shortest that reads back, as Python has it: <c>1.0</c>, <c>1e-07</c>.</summary>
    public static string Written(double number)
    {
        if (double.IsNaN(number) || double.IsInfinity(number))
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        string text = number.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e");
        return text.Contains('.') || text.Contains('e') ? text : text + ".0";
    }

    private static string Quoted(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (char character in text)
        {
            if (character == quote || character == '\\')
                quoted.Append('\\').Append(character);
            else if (character is '\n' or '\r' or '\t')
                quoted.Append('\\').Append(character == '\n' ? 'n' : character == '\r' ? 'r' : 't');
            else if (char.IsControl(character))
                quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}");
            else
                quoted.Append(character);
        }
        return quoted.Append(quote).ToString();
    }

    /// <summary>What a loop goes over: items, keys, characters.</summary>
    /// <exception cref="JinjaException">The value is nothing of the kind.</exception>
    public static List<object?> Items(object? value, int position) => value switch
    {
        List<object?> list => list,
        JinjaText text => [.. text.Characters()],
        JinjaDictionary { IsNamespace: false } dictionary => [.. dictionary.Select(member => member.Key)],
        Undefined => [],
        _ => throw new JinjaException(position, Kind(value), "a list, a dictionary or a text to go over"),
    };
}
