namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Cuts a text into words, the pieces that no token crosses. May change them (a space put in front, white space made visible).</summary>
internal abstract class WordSplitter
{
    /// <summary>The words of <paramref name="text"/> in order; <paramref name="first"/> when it begins the whole text.</summary>
    public abstract IEnumerable<string> Split(string text, bool first);

    /// <summary>No cut: the text is one word.</summary>
    public sealed class Whole : WordSplitter
    {
        public override IEnumerable<string> Split(string text, bool first) => [text];
    }

    /// <summary>Each cuts the words of the one before.</summary>
    public sealed class Sequence(IReadOnlyList<WordSplitter> steps) : WordSplitter
    {
        public override IEnumerable<string> Split(string text, bool first)
        {
            IEnumerable<(string Word, bool First)> words = [(text, first)];
            foreach (WordSplitter step in steps)
                words = words.SelectMany(word => step.Split(word.Word, word.First).Select((part, index) => (part, word.First && index == 0)));
            return words.Select(word => word.Word);
        }
    }

    /// <summary>A space before the text, unless one is there; then the inner cut.</summary>
    public sealed class SpaceInFront(WordSplitter inner) : WordSplitter
    {
        public override IEnumerable<string> Split(string text, bool first) =>
            inner.Split(text.StartsWith(' ') ? text : " " + text, first);
    }

    /// <summary>The inner cut, its words written in GPT-2's byte alphabet.</summary>
    public sealed class InByteAlphabet(WordSplitter inner) : WordSplitter
    {
        public override IEnumerable<string> Split(string text, bool first) => inner.Split(text, first).Select(ByteLevelAlphabet.Write);
    }

    /// <summary>Spaces made visible, one put in front; cut before each.</summary>
    /// <param name="replacement">What stands for a space.</param>
    /// <param name="prepend">Whether one is put in front: of every part between added tokens, of the whole text only (null), or never.</param>
    /// <param name="split">Whether to cut.</param>
    public sealed class Metaspace(char replacement, bool? prepend, bool split) : WordSplitter
    {
        public override IEnumerable<string> Split(string text, bool first)
        {
            if (text.Length == 0)
                yield break;
            text = text.Replace(' ', replacement);
            if ((prepend ?? first) && !text.StartsWith(replacement))
                text = replacement + text;
            int begin = 0;
            for (int at = 1; split && at < text.Length; at++)
            {
                if (text[at] != replacement)
                    continue;
                yield return text[begin..at];
                begin = at;
            }
            yield return text[begin..];
        }
    }
}
