using System.Globalization;
using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>Finds tokens in a text: the leftmost first, the longest where several begin.</summary>
internal sealed class TokenMatcher
{
    private readonly Dictionary<char, (string Form, AddedToken Token)[]> _byFirst;

    /// <param name="tokens">Each token with the form to look for, which is not empty.</param>
    public TokenMatcher(IEnumerable<(string Form, AddedToken Token)> tokens) => _byFirst = tokens.GroupBy(token => token.Form[0])
        .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Form.Length).ToArray());

    /// <summary>Parts of <paramref name="text"/> in order: a plain part with id −1, or a token's id.</summary>
    /// <param name="text">The text.</param>
    /// <param name="foreign">The parts of it that tokens must not touch, unless they are found in plain text too; null for none.</param>
    public IEnumerable<(string Part, int Token)> Split(string text, MarkedText? foreign = null)
    {
        int begun = 0;
        for (int at = 0; _byFirst.Count > 0 && at < text.Length; at++)
        {
            if (Find(text, at, foreign) is not (var form, { } found))
                continue;
            int end = found.TakesSpaceBefore ? begun + text.AsSpan(begun, at - begun).TrimEnd().Length : at;
            if (end > begun)
                yield return (text[begun..end], -1);
            yield return (form, found.Id);
            begun = at + form.Length;
            while (found.TakesSpaceAfter && begun < text.Length && char.IsWhiteSpace(text[begun]))
                begun++;
            at = begun - 1;
        }
        if (begun < text.Length)
            yield return (text[begun..], -1);
    }

    private (string Form, AddedToken? Token) Find(string text, int at, MarkedText? foreign)
    {
        foreach ((string form, AddedToken token) in _byFirst.GetValueOrDefault(text[at], []))
        {
            if (Matches(form, token, text, at) && (foreign is null || token.InPlainText || !foreign.IsForeign(at, form.Length)))
                return (form, token);
        }
        return default;
    }

    private static bool Matches(string form, AddedToken token, string text, int at)
    {
        if (string.CompareOrdinal(text, at, form, 0, form.Length) != 0)
            return false;
        int end = at + form.Length;
        return !token.WholeWord || (!EndsWithWord(text.AsSpan(0, at)) && !BeginsWithWord(text.AsSpan(end)));
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);

    private static bool BeginsWithWord(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);

    /// <summary>What <c>\w</c> means to Rust: letters, marks, digits and connectors.</summary>
    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
