namespace Formwork.Runtime.Tokenization;

/// <summary>How a text, or a pair of texts, is framed with special tokens for a model.</summary>
/// <param name="Single">The parts for a text alone.</param>
/// <param name="Pair">The parts for two texts.</param>
internal sealed record TextTemplate(IReadOnlyList<TextTemplate.Part> Single, IReadOnlyList<TextTemplate.Part> Pair)
{
    /// <summary>A part: one of the texts (0 or 1), or special tokens; and the token type of what stands there.</summary>
    public readonly record struct Part(int? Text, IReadOnlyList<int> Tokens, int Type);

    private static Part A { get; } = new(0, [], 0);

    /// <summary>The texts alone, the second of type 1.</summary>
    public static TextTemplate Plain { get; } = new([A], [A, B(1)]);

    /// <summary>BERT's: <c>[CLS] a [SEP] b [SEP]</c>, the second text and its end of type 1.</summary>
    public static TextTemplate Bert(int cls, int sep) => new([Token(cls), A, Token(sep)], [Token(cls), A, Token(sep), B(1), Token(sep, 1)]);

    /// <summary>RoBERTa's: <c>&lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;</c>, all of type 0.</summary>
    public static TextTemplate Roberta(int cls, int sep) => new([Token(cls), A, Token(sep)], [Token(cls), A, Token(sep), Token(sep), B(0), Token(sep)]);

    /// <summary>T5's: each text ended.</summary>
    public static TextTemplate EachEnded(int end) => new([A, Token(end)], [A, Token(end), B(0), Token(end)]);

    /// <summary>The texts one after the other between two tokens, either of which may be missing.</summary>
    public static TextTemplate Framed(int? begin, int? end)
    {
        Part[] before = begin is { } first ? [Token(first)] : [], after = end is { } last ? [Token(last)] : [];
        return new([.. before, A, .. after], [.. before, A, B(0), .. after]);
    }

    private static Part B(int type) => new(1, [], type);

    private static Part Token(int id, int type = 0) => new(null, [id], type);

    /// <summary>The template with its texts.</summary>
    public TokenizedText Fill(IReadOnlyList<int> text, IReadOnlyList<int>? pair)
    {
        var ids = new List<int>();
        var types = new List<int>();
        var special = new List<bool>();
        foreach (Part part in pair is null ? Single : Pair)
        {
            IReadOnlyList<int> tokens = part.Text switch { 0 => text, 1 => pair ?? [], _ => part.Tokens };
            ids.AddRange(tokens);
            types.AddRange(Enumerable.Repeat(part.Type, tokens.Count));
            special.AddRange(Enumerable.Repeat(part.Text is null, tokens.Count));
        }
        return new(ids, types, special);
    }
}
