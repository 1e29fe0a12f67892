using System.Text;

namespace Formwork.Runtime.Chat.Jinja;

/// <summary>
/// A text that knows of each of its characters whether it came from outside the template. All that templates do to texts keeps the marks: joining,
/// cutting, trimming, replacing. So what users wrote can be told apart in the end, whatever the template did to it.
/// </summary>
internal sealed class JinjaText
{
    /// <summary>One mark a character; null when all are the template's own.</summary>
    private readonly bool[]? _foreign;

    private JinjaText(string value, bool[]? foreign) => (Value, _foreign) = (value, foreign);

    public static JinjaText Empty { get; } = new("", null);

    public string Value { get; }

    public bool IsAnyForeign => _foreign?.Contains(true) == true;

    /// <summary>A mark for each character.</summary>
    public bool[] Marks => _foreign ?? new bool[Value.Length];

    /// <summary>A text of the template's own, or of somebody else.</summary>
    public static JinjaText Of(string value, bool foreign = false) => new(value, foreign ? Filled(value.Length) : null);

    private static bool[] Filled(int length)
    {
        var marks = new bool[length];
        Array.Fill(marks, true);
        return marks;
    }

    public static JinjaText Join(IEnumerable<JinjaText> parts)
    {
        JinjaText[] all = [.. parts];
        if (all.Length == 1)
            return all[0];
        string value = string.Concat(all.Select(part => part.Value));
        return all.All(part => part._foreign is null) ? new JinjaText(value, null) : new JinjaText(value, [.. all.SelectMany(part => part.Marks)]);
    }

    /// <summary>The part from <paramref name="begin"/> to before <paramref name="end"/>.</summary>
    public JinjaText Part(int begin, int end) => new(Value[begin..end], _foreign?[begin..end]);

    /// <summary>Characters of their own, for loops and indices: whole scalars.</summary>
    public IEnumerable<JinjaText> Characters()
    {
        for (int at = 0, length; at < Value.Length; at += length)
        {
            length = char.IsSurrogatePair(Value, at) ? 2 : 1;
            yield return Part(at, at + length);
        }
    }

    /// <summary>Another spelling of it: of the same length, or with all marks set if any was.</summary>
    public JinjaText Spelt(Func<string, string> spell)
    {
        string value = spell(Value);
        return value.Length == Value.Length ? new JinjaText(value, _foreign) : Of(value, IsAnyForeign);
    }

    /// <summary>White space, or the given characters, cut off at the ends.</summary>
    public JinjaText Trim(string? characters, bool left = true, bool right = true)
    {
        int begin = 0, end = Value.Length;
        while (left && begin < end && IsCut(Value[begin]))
            begin++;
        while (right && end > begin && IsCut(Value[end - 1]))
            end--;
        return Part(begin, end);

        bool IsCut(char character) => characters is null ? char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F' : characters.Contains(character);
    }

    /// <summary>At most <paramref name="count"/> occurrences replaced, as Python does it: an empty text stands between all characters.</summary>
    public JinjaText Replace(string found, JinjaText content, int count = int.MaxValue)
    {
        if (found.Length == 0)
            return Join(Characters().SelectMany((character, index) => index < count ? new[] { content, character } : [character]).Concat(Value.Length < count ? [content] : []));
        var parts = new List<JinjaText>();
        foreach (JinjaText part in Split(found, count))
        {
            if (parts.Count > 0)
                parts.Add(content);
            parts.Add(part);
        }
        return Join(parts);
    }

    /// <summary>The parts between separators, the last with all that remains after <paramref name="most"/> cuts.</summary>
    public List<JinjaText> Split(string separator, int most = int.MaxValue)
    {
        var parts = new List<JinjaText>();
        int begin = 0;
        for (int at; parts.Count < most && (at = Value.IndexOf(separator, begin, StringComparison.Ordinal)) >= 0; begin = at + separator.Length)
            parts.Add(Part(begin, at));
        parts.Add(Part(begin, Value.Length));
        return parts;
    }

    /// <summary>As <see cref="Split"/>, cut from the right.</summary>
    public List<JinjaText> SplitRight(string separator, int most)
    {
        List<JinjaText> all = Split(separator);
        int joined = all.Count - 1 - most;
        if (joined <= 0)
            return all;
        int length = all.Take(joined + 1).Sum(part => part.Value.Length) + joined * separator.Length;
        return [Part(0, length), .. all.Skip(joined + 1)];
    }

    /// <summary>The words between white space.</summary>
    public List<JinjaText> Words(int most = int.MaxValue)
    {
        var parts = new List<JinjaText>();
        JinjaText rest = Trim(null, right: false);
        while (rest.Value.Length > 0)
        {
            int end = 0;
            while (end < rest.Value.Length && !char.IsWhiteSpace(rest.Value[end]))
                end++;
            if (parts.Count == most)
                end = rest.Value.Length;
            parts.Add(rest.Part(0, end));
            rest = rest.Part(end, rest.Value.Length).Trim(null, right: false);
        }
        return parts;
    }

    public override string ToString() => Value;

    public override bool Equals(object? other) => other is JinjaText text && text.Value == Value;

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
}
