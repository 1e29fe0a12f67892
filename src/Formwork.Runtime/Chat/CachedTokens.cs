using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;

namespace Formwork.Runtime.Chat;

/// <summary>A session that knows its tokens, so that it can be taken back to where two texts part.</summary>
internal sealed class CachedTokens(DecoderSession session) : ITokenSource, IDisposable
{
    private readonly List<int> _tokens = [];

    public int Vocabulary => session.Vocabulary;

    public int Context => session.Context;

    public int Position => session.Position;

    /// <summary>
    /// Goes back to the beginning that the cache and <paramref name="tokens"/> have in common, and tells its length. The last token is never kept, as
    /// the logits after it are wanted.
    /// </summary>
    public int KeepCommon(IReadOnlyList<int> tokens)
    {
        int kept = 0, most = Math.Min(_tokens.Count, tokens.Count - 1);
        while (kept < most && _tokens[kept] == tokens[kept])
            kept++;
        session.Rewind(kept);
        _tokens.RemoveRange(kept, _tokens.Count - kept);
        return kept;
    }

    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens)
    {
        ReadOnlySpan<float> logits = session.Prefill(tokens);
        _tokens.AddRange(tokens);
        return logits;
    }

    public ReadOnlySpan<float> Step(int token) => Prefill(new ReadOnlySpan<int>(in token));

    public void Dispose() => session.Dispose();
}
