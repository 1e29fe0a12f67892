namespace Formwork.Runtime.Tokenization;

/// <summary>All added tokens of a tokenizer; splits a text at them, the leftmost first, the longest where several begin.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, AddedToken[]> _allByFirst, _plainByFirst;
    private readonly Dictionary<int, string> _forms = [];

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        AddedToken[] all = [.. tokens.Where(token => token.Text.Length > 0)];
        Special = all.Where(token => token.Special).DistinctBy(token => token.Text).ToDictionary(token => token.Text, token => token.Id);
        foreach (AddedToken token in all)
            _forms.TryAdd(token.Id, token.Text);
        Size = all.Length == 0 ? 0 : all.Max(token => token.Id) + 1;
        SpecialIds = (HashSet<int>)[.. all.Where(token => token.Special).Select(token => token.Id)];
        _allByFirst = ByFirstCharacter(all);
        _plainByFirst = ByFirstCharacter(all.Where(token => token.InPlainText));
    }

    public static AddedTokens None { get; } = new([]);

    public IReadOnlyDictionary<string, int> Special { get; }

    public IReadOnlySet<int> SpecialIds { get; }

    /// <summary>One more than the greatest id.</summary>
    public int Size { get; }

    /// <summary>The written form of an added token; null for any other id.</summary>
    public string? Form(int id) => _forms.GetValueOrDefault(id);

    private static Dictionary<char, AddedToken[]> ByFirstCharacter(IEnumerable<AddedToken> tokens) => tokens.GroupBy(token => token.Text[0])
        .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Text.Length).ToArray());

    /// <summary>Parts of <paramref name="text"/> in order: a plain part with id −1, or an added token's id.</summary>
    public IEnumerable<(string Part, int Token)> Split(string text, bool allowSpecial)
    {
        Dictionary<char, AddedToken[]> byFirst = allowSpecial ? _allByFirst : _plainByFirst;
        int begun = 0;
        for (int at = 0; byFirst.Count > 0 && at < text.Length; at++)
        {
            if (!byFirst.TryGetValue(text[at], out AddedToken[]? candidates) || Array.Find(candidates, token => Matches(token, text, at)) is not { } found)
                continue;
            int end = found.TakesSpaceBefore ? begun + text.AsSpan(begun, at - begun).TrimEnd().Length : at;
            if (end > begun)
                yield return (text[begun..end], -1);
            yield return (found.Text, found.Id);
            begun = at + found.Text.Length;
            while (found.TakesSpaceAfter && begun < text.Length && char.IsWhiteSpace(text[begun]))
                begun++;
            at = begun - 1;
        }
        if (begun < text.Length)
            yield return (text[begun..], -1);
    }

    private static bool Matches(AddedToken token, string text, int at)
    {
        if (string.CompareOrdinal(text, at, token.Text, 0, token.Text.Length) != 0)
            return false;
        int end = at + token.Text.Length;
        return !token.WholeWord || ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])));
    }
}
