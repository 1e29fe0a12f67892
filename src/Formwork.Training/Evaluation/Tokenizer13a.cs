using System.Text.RegularExpressions;

namespace Formwork.Training.Evaluation;

/// <summary>
/// The tokens of mteval-v13a.pl, as sacreBLEU has them: symbols stand alone, and so do a period and a comma that no digit touches on one side, and
/// a hyphen after a digit. Made for Western languages.
/// </summary>
internal static partial class Tokenizer13a
{
    /// <summary>The tokens of a sentence.</summary>
    public static string[] Split(string sentence)
    {
        string text = sentence.Replace("<skipped>", "", StringComparison.Ordinal)
            .Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ')
            .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        text = Symbols().Replace($" {text} ", " $0 ");
        text = MarkAfterOther().Replace(text, "$1 $2 ");
        text = MarkBeforeOther().Replace(text, " $1 $2");
        text = HyphenAfterDigit().Replace(text, "$1 $2 ");
        return [.. PythonText.Split(text)];
    }

    // All of ASCII's symbols but ' , - and the period.
    [GeneratedRegex(@"[{-~[-` -&(-+:-@/]", RegexOptions.CultureInvariant)]
    private static partial Regex Symbols();

    // [^0-9] may be a line's end, and half of a character beyond U+FFFF: as it is put back, that is no matter.
    [GeneratedRegex(@"([^0-9])([.,])", RegexOptions.CultureInvariant)]
    private static partial Regex MarkAfterOther();

    [GeneratedRegex(@"([.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex MarkBeforeOther();

    [GeneratedRegex("([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex HyphenAfterDigit();
}
