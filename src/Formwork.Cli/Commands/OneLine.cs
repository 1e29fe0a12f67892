using System.Text;

namespace Formwork.Cli.Commands;

/// <summary>Texts written on one line each.</summary>
internal static class OneLine
{
    /// <summary>
    /// The text with its line ends written <c>\n</c> and <c>\r</c>. A backslash that would read as a part of such a sign is doubled, every other stays,
    /// so that the text can be had back and most texts are as they were.
    /// </summary>
    public static string Of(string text)
    {
        if (text.AsSpan().IndexOfAny('\n', '\r', '\\') < 0)
            return text;
        var line = new StringBuilder(text.Length + 8);
        for (int index = 0; index < text.Length; index++)
        {
            char next = index + 1 < text.Length ? text[index + 1] : ' ';
            line.Append(text[index] switch
            {
                '\n' => @"\n",
                '\r' => @"\r",
                '\\' when next is 'n' or 'r' or '\\' or '\n' or '\r' => @"\\",
                char other => other.ToString(),
            });
        }
        return line.ToString();
    }
}
