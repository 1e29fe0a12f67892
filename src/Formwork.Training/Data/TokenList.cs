using System.Runtime.InteropServices;
using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>Sequences of token ids in memory.</summary>
/// <param name="vocabulary">Every id is less than this.</param>
public sealed class TokenList(int vocabulary) : ITokenSequences, ITokenSink
{
    private readonly List<int> _ids = [];
    private readonly List<long> _starts = [0];

    /// <inheritdoc/>
    public int Count => _starts.Count - 1;

    /// <inheritdoc/>
    public long Tokens => _starts[^1];

    /// <inheritdoc/>
    public int Vocabulary => vocabulary;

    /// <inheritdoc/>
    public long Start(int sequence) => _starts[sequence];

    /// <inheritdoc/>
    public void Read(long start, Span<int> ids)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Tokens - ids.Length);
        CollectionsMarshal.AsSpan(_ids).Slice((int)start, ids.Length).CopyTo(ids);
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<int> ids)
    {
        TokenIds.Check(ids, vocabulary, "token ids", _ids.Count);
        _ids.AddRange(ids);
    }

    /// <inheritdoc/>
    public void EndSequence() => _starts.Add(_ids.Count);
}
