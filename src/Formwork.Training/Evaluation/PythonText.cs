using System.Globalization;
using System.Text;

namespace Formwork.Training.Evaluation;

/// <summary>What Python's strings do where .NET's do it otherwise: sacreBLEU's numbers depend on it.</summary>
internal static class PythonText
{
    /// <summary>Whether <c>str.split()</c> cuts there: .NET's white space and the four separators U+001C … U+001F.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';

    /// <summary>The text without white space at its end.</summary>
    public static string TrimEnd(string text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    /// <summary>The words of <c>str.split()</c>.</summary>
    public static IEnumerable<string> Split(string text)
    {
        int begin = 0;
        for (int at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && !IsSpace(text[at]))
                continue;
            if (at > begin)
                yield return text[begin..at];
            begin = at + 1;
        }
    }

    /// <summary><c>str.lower()</c>: beyond a character each, <c>İ</c> becomes two, and a sigma at a word's end is final (Unicode, SpecialCasing.txt).</summary>
    public static string Lower(string text)
    {
        string lower = text.ToLowerInvariant().Replace("\u0130", "i\u0307", StringComparison.Ordinal);
        if (!text.Contains('Σ', StringComparison.Ordinal))
            return lower;
        var result = new StringBuilder(lower.Length);
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            result.Append(rune.Value switch
            {
                'Σ' => IsFinal(text, at) ? "ς" : "σ",
                0x130 => "i\u0307",
                _ => Rune.ToLowerInvariant(rune).ToString(),
            });
            at += rune.Utf16SequenceLength;
        }
        return result.ToString();
    }

    /// <summary>A number with so many decimals; of two that are equally near, the even one, while .NET goes away from zero.</summary>
    public static string Fixed(double value, int decimals)
    {
        // Halfway between two is a number whose double's last binary place is 2^-decimals; such a number and its neighbours are exact.
        double halves = Math.ScaleB(value, decimals + 1);
        bool halfway = halves == Math.Floor(halves) && Math.Abs(halves % 2) == 1 && Math.Abs(value) < 1e9;
        return halfway
            ? Math.Round((decimal)value, decimals, MidpointRounding.ToEven).ToString($"F{decimals}", CultureInfo.InvariantCulture)
            : value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    private static bool IsFinal(string text, int at)
    {
        int before = at - 1, after = at + 1;
        while (before >= 0 && IsIgnored(text[before]))
            before--;
        while (after < text.Length && IsIgnored(text[after]))
            after++;
        return before >= 0 && IsCased(text[before]) && !(after < text.Length && IsCased(text[after]));
    }

    private static bool IsCased(char character) => char.IsUpper(character) || char.IsLower(character) || char.GetUnicodeCategory(character) == UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnored(char character) => character is '\'' or '.' or ':' or '\u00B7' or '\u2018' or '\u2019' or '\u2024' or '\u2027'
        || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
