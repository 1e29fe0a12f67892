using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Chat.Jinja;

/// <summary>Reads the words inside tags: names, numbers, quoted texts, signs.</summary>
internal static class JinjaWords
{
    private static readonly string[] Signs = ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    /// <summary>The word that begins at <paramref name="at"/>, which goes to its end.</summary>
    public static JinjaToken Read(string text, ref int at)
    {
        int begin = at;
        char first = text[at];
        if (char.IsLetter(first) || first == '_')
        {
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_'))
                at++;
            return new JinjaToken(JinjaTokenKind.Name, text[begin..at], begin);
        }
        if (char.IsAsciiDigit(first))
            return Number(text, ref at);
        if (first is '\'' or '"')
            return Quoted(text, ref at);
        foreach (string sign in Signs)
        {
            if (string.CompareOrdinal(text, at, sign, 0, sign.Length) != 0)
                continue;
            at += sign.Length;
            return new JinjaToken(JinjaTokenKind.Operator, sign, begin);
        }
        throw new JinjaException(begin, $"the character '{first}'", "a name, a number, a text or a sign of Jinja");
    }

    private static JinjaToken Number(string text, ref int at)
    {
        int begin = at;
        bool whole = true;
        Digits(text, ref at);
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
        {
            whole = false;
            at++;
            Digits(text, ref at);
        }
        int sign = at + 1 < text.Length && text[at] is 'e' or 'E' ? (text[at + 1] is '+' or '-' ? 2 : 1) : 0;
        if (sign > 0 && at + sign < text.Length && char.IsAsciiDigit(text[at + sign]))
        {
            whole = false;
            at += sign;
            Digits(text, ref at);
        }
        string number = text[begin..at].Replace("_", "");
        if (whole && !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw new JinjaException(begin, $"the number {number}", "a number of 64 bits");
        return new JinjaToken(whole ? JinjaTokenKind.Integer : JinjaTokenKind.Float, number, begin);
    }

    private static void Digits(string text, ref int at)
    {
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '_'))
            at++;
    }

    private static JinjaToken Quoted(string text, ref int at)
    {
        int begin = at;
        char quote = text[at++];
        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                AddEscape(text, ref at, value);
            else
                value.Append(text[at++]);
        }
        if (at == text.Length)
            throw new JinjaException(begin, "a text without end", $"a closing {quote}");
        at++;
        return new JinjaToken(JinjaTokenKind.String, value.ToString(), begin);
    }

    /// <summary>Python's escapes; an unknown one stays as it is.</summary>
    private static void AddEscape(string text, ref int at, StringBuilder value)
    {
        char escaped = text[at + 1];
        int digits = escaped switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && at + 2 + digits <= text.Length
            && int.TryParse(text.AsSpan(at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int scalar)
            && (scalar < 0x10000 || Rune.IsValid(scalar)))
        {
            value.Append(scalar < 0x10000 ? ((char)scalar).ToString() : new Rune(scalar).ToString());
            at += 2 + digits;
            return;
        }
        const string Escapes = "n\nt\tr\rb\bf\fv\va\a0\0\\\\''\"\"";
        int known = Escapes.IndexOf(escaped);
        if (escaped == '\n')
            value.Append("");
        else if (known >= 0 && known % 2 == 0)
            value.Append(Escapes[known + 1]);
        else
            value.Append('\\').Append(escaped);
        at += 2;
    }
}
