using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Formwork.Runtime.Tokenization.Unicode;

namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Changes a text before it is cut into words: case, accents, white space, Unicode forms.</summary>
internal abstract class TextNormalizer
{
    public abstract string Normalize(string text);

    /// <summary>One after the other.</summary>
    public sealed class Sequence(IReadOnlyList<TextNormalizer> steps) : TextNormalizer
    {
        public override string Normalize(string text) => steps.Aggregate(text, (current, step) => step.Normalize(current));
    }

    public sealed class FormD : TextNormalizer
    {
        public override string Normalize(string text) => CanonicalForms.Decompose(text);
    }

    public sealed class FormC : TextNormalizer
    {
        public override string Normalize(string text) => CanonicalForms.Compose(text);
    }

    public sealed class FormKD : TextNormalizer
    {
        public override string Normalize(string text) => CanonicalForms.DecomposeCompatibly(text);
    }

    public sealed class FormKC : TextNormalizer
    {
        public override string Normalize(string text) => CanonicalForms.ComposeCompatibly(text);
    }

    /// <summary>What translation systems clean: control characters go, other white space and what cannot be seen becomes a space.</summary>
    public sealed class Nmt : TextNormalizer
    {
        public override string Normalize(string text)
        {
            var kept = new StringBuilder(text.Length);
            foreach (char character in text)
            {
                if (character is (>= '\u0001' and <= '\u0008') or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F' or '\u008F' or '\u009F')
                    continue;
                bool blank = character is '\t' or '\n' or '\f' or '\r' or '\u1680' or (>= '\u200B' and <= '\u200F') or '\u2028' or '\u2029' or '\u2581' or '\uFEFF' or '\uFFFD';
                kept.Append(blank ? ' ' : character);
            }
            return kept.ToString();
        }
    }

    /// <summary>The text in GPT-2's byte alphabet.</summary>
    public sealed class ByteLevel : TextNormalizer
    {
        public override string Normalize(string text) => ByteLevelAlphabet.Write(text);
    }

    /// <summary>Each character's lower case, no regard to its neighbours or to a language.</summary>
    public sealed class Lowercase : TextNormalizer
    {
        public override string Normalize(string text) => text.Replace("\u0130", "i\u0307").ToLowerInvariant();
    }

    /// <summary>White space cut off at the ends.</summary>
    public sealed class Strip(bool left, bool right) : TextNormalizer
    {
        public override string Normalize(string text)
        {
            string begun = left ? text.TrimStart() : text;
            return right ? begun.TrimEnd() : begun;
        }
    }

    /// <summary>Marks left out: all of them, or those that take no space.</summary>
    public sealed class StripAccents(bool onlyNonSpacing) : TextNormalizer
    {
        public override string Normalize(string text)
        {
            var kept = new StringBuilder(text.Length);
            foreach (Rune rune in text.EnumerateRunes())
            {
                UnicodeCategory category = Rune.GetUnicodeCategory(rune);
                bool mark = category == UnicodeCategory.NonSpacingMark
                    || (!onlyNonSpacing && category is UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
                if (!mark)
                    kept.Append(rune.ToString());
            }
            return kept.ToString();
        }
    }

    public sealed class ReplaceText(string found, string content) : TextNormalizer
    {
        public override string Normalize(string text) => text.Replace(found, content, StringComparison.Ordinal);
    }

    public sealed class ReplacePattern(Regex pattern, string content) : TextNormalizer
    {
        public override string Normalize(string text) => GuardedRegex.Run(pattern, () => pattern.Replace(text, _ => content));
    }

    public sealed class Prepend(string front) : TextNormalizer
    {
        public override string Normalize(string text) => text.Length == 0 ? text : front + text;
    }
}
