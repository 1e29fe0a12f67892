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

    /// <summary>Compatibility forms, by the system's Unicode library.</summary>
    public sealed class Compatibility(NormalizationForm form) : TextNormalizer
    {
        /// <summary>Whether the system has them: with invariant globalization, .NET leaves all beyond ASCII as it is.</summary>
        public static bool IsAvailable { get; } = "\u00BD".Normalize(NormalizationForm.FormKD).Length == 3;

        public override string Normalize(string text) => text.Normalize(form);
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

    /// <summary>Non-spacing marks left out.</summary>
    public sealed class StripAccents : TextNormalizer
    {
        public override string Normalize(string text)
        {
            var kept = new StringBuilder(text.Length);
            foreach (Rune rune in text.EnumerateRunes())
            {
                if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
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
