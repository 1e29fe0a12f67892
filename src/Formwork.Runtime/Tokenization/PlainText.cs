using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>Small steps on text that every tokenizer takes.</summary>
internal static class PlainText
{
    /// <summary><paramref name="text"/> with each unpaired surrogate, which UTF-8 cannot write, as U+FFFD.</summary>
    public static string WithoutLoneSurrogates(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (Rune.TryGetRuneAt(text, i, out _))
                i++;
            else
                return Replaced(text);
        }
        return text;
    }

    private static string Replaced(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            builder.Append(rune.ToString());
        return builder.ToString();
    }

    /// <summary><paramref name="text"/> for a message: quoted, control characters escaped, cut to forty characters.</summary>
    public static string Quoted(string text)
    {
        var builder = new StringBuilder("'");
        foreach (Rune rune in text.EnumerateRunes().Take(40))
            builder.Append(Rune.IsControl(rune) ? $"\\u{rune.Value:X4}" : rune.ToString());
        return builder.Append(text.EnumerateRunes().Skip(40).Any() ? "…'" : "'").ToString();
    }
}
