using System.Text;
using Formwork.Runtime.Tokenization.Unicode;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Cuts where the script changes. Japanese's three are one; a space, and what is no character, belong to any.</summary>
internal sealed class ScriptSplitter : WordSplitter
{
    private const int ProlongedSoundMark = 0x30FC;

    public override IEnumerable<string> Split(string text, bool first)
    {
        string? last = null;
        int begun = 0, at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            string? script = ScriptOf(rune);
            if (script is not null && script != last && at > begun && last is not null)
            {
                yield return text[begun..at];
                begun = at;
            }
            last = script ?? last;
            at += rune.Utf16SequenceLength;
        }
        if (begun < text.Length)
            yield return text[begun..];
    }

    private static string? ScriptOf(Rune rune) => rune.Value switch
    {
        ' ' => null,
        ProlongedSoundMark => "Han",
        _ => Scripts.Of(rune) is "Hiragana" or "Katakana" ? "Han" : Scripts.Of(rune),
    };
}
