namespace Formwork.Runtime.Tokenization;

/// <summary>
/// All added tokens of a tokenizer, and where each is found: in the text as it came, or in the normalized text; in text of the caller's own, or
/// in any.
/// </summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<int, string> _forms = [];
    private readonly TokenMatcher _all, _plain, _allNormalized, _plainNormalized, _everywhere;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        Tokens = [.. tokens.Where(token => token.Text.Length > 0)];
        Special = Tokens.Where(token => token.Special).DistinctBy(token => token.Text).ToDictionary(token => token.Text, token => token.Id);
        foreach (AddedToken token in Tokens)
            _forms.TryAdd(token.Id, token.Text);
        Size = Tokens.Count == 0 ? 0 : Tokens.Max(token => token.Id) + 1;
        SpecialIds = (HashSet<int>)[.. Tokens.Where(token => token.Special).Select(token => token.Id)];
        _all = Matcher(token => token.NormalizedText is null);
        _plain = Matcher(token => token.NormalizedText is null && token.InPlainText);
        _allNormalized = NormalizedMatcher(_ => true);
        _plainNormalized = NormalizedMatcher(token => token.InPlainText);
        _everywhere = Matcher(token => token.NormalizedText is null || !token.InPlainText);
    }

    public static AddedTokens None { get; } = new([]);

    public IReadOnlyList<AddedToken> Tokens { get; }

    public IReadOnlyDictionary<string, int> Special { get; }

    public IReadOnlySet<int> SpecialIds { get; }

    /// <summary>One more than the greatest id.</summary>
    public int Size { get; }

    /// <summary>The written form of an added token; null for any other id.</summary>
    public string? Form(int id) => _forms.GetValueOrDefault(id);

    /// <summary>Parts of a text as it came, in order: a plain part with id −1, or an added token's id.</summary>
    public IEnumerable<(string Part, int Token)> Split(string text, bool allowSpecial) => (allowSpecial ? _all : _plain).Split(text);

    /// <summary>The same for a text of which others wrote a part: there, only plain tokens count. Tokens of the normalized text are found here already.</summary>
    public IEnumerable<(string Part, int Token)> Split(MarkedText text) => _everywhere.Split(text.Text, text);

    /// <summary>Parts of a normalized text.</summary>
    public IEnumerable<(string Part, int Token)> SplitNormalized(string text, bool allowSpecial) => (allowSpecial ? _allNormalized : _plainNormalized).Split(text);

    private TokenMatcher Matcher(Func<AddedToken, bool> which) => new(Tokens.Where(which).Select(token => (token.Text, token)));

    private TokenMatcher NormalizedMatcher(Func<AddedToken, bool> which) =>
        new(Tokens.Where(which).Where(token => token.NormalizedText is { Length: > 0 }).Select(token => (token.NormalizedText!, token)));
}
