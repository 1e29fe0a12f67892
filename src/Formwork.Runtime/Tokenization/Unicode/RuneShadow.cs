using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Tokenization.Unicode;

/// <summary>
/// A text with one UTF-16 unit a character, for .NET's regular expressions, which see a character beyond U+FFFF as two surrogates and so as
/// neither letter nor digit: such a character is replaced by one of the same category, and offsets are mapped back.
/// </summary>
internal readonly struct RuneShadow
{
    private readonly int[]? _offsets;

    private RuneShadow(string text, int[]? offsets)
    {
        Text = text;
        _offsets = offsets;
    }

    public string Text { get; }

    /// <summary>Where unit <paramref name="index"/> of the shadow stands in the text.</summary>
    public int Offset(int index) => _offsets is null ? index : _offsets[index];

    public static RuneShadow Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return new RuneShadow(text, null);
        var shadow = new StringBuilder(text.Length);
        var offsets = new List<int>(text.Length + 1);
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            shadow.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            offsets.Add(at);
            at += rune.Utf16SequenceLength;
        }
        offsets.Add(at);
        return new RuneShadow(shadow.ToString(), [.. offsets]);
    }

    /// <summary>A character of that category, outside ASCII so that no pattern names it.</summary>
    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u0414',
        UnicodeCategory.LowercaseLetter => '\u0434',
        UnicodeCategory.TitlecaseLetter => '\u01C5',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => '\u05D0',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.EnclosingMark => '\u0488',
        UnicodeCategory.DecimalDigitNumber => '\u0660',
        UnicodeCategory.LetterNumber => '\u2160',
        UnicodeCategory.OtherNumber => '\u2460',
        UnicodeCategory.ConnectorPunctuation => '\u203F',
        UnicodeCategory.DashPunctuation => '\u2010',
        UnicodeCategory.OpenPunctuation => '\u0F3A',
        UnicodeCategory.ClosePunctuation => '\u0F3B',
        UnicodeCategory.OtherPunctuation => '\u00A7',
        UnicodeCategory.MathSymbol => '\u00B1',
        UnicodeCategory.CurrencySymbol => '\u20AC',
        UnicodeCategory.ModifierSymbol => '\u02C2',
        UnicodeCategory.OtherSymbol => '\u00A9',
        UnicodeCategory.Format => '\u00AD',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\uFFFE',
    };
}
