using Formwork.Runtime.Generation;

namespace Formwork.Runtime.Models;

/// <summary>One sequence: the tokens taken so far, as keys and values in a cache, and the logits of what comes next. Not for several threads at once.</summary>
public sealed unsafe class DecoderSession : ITokenSource, IDisposable
{
    private readonly GenerativeModel _model;
    private readonly KeyValueCache _cache;
    private readonly float[] _logits;
    private SourceMemory? _memory;

    internal DecoderSession(GenerativeModel model, SourceMemory? memory = null)
    {
        memory?.AddReference();
        _memory = memory;
        _model = model;
        _cache = new KeyValueCache(model.Description.CacheSegments, model.Description.Context);
        _logits = new float[model.Description.Vocabulary];
    }

    /// <summary>The most tokens the sequence can have.</summary>
    public int Context => _model.Description.Context;

    /// <summary>Number of token ids.</summary>
    public int Vocabulary => _model.Description.Vocabulary;

    /// <summary>Number of tokens taken.</summary>
    public int Position { get; private set; }

    /// <summary>Logits of the token after the last one taken, <c>[vocabulary]</c>; zeros before the first. Overwritten by the next call.</summary>
    public Span<float> Logits => _logits;

    internal GenerativeModel Model => _model;

    /// <summary>What an encoder made of the source; null for decoder-only models.</summary>
    internal SourceMemory? Memory => _memory;

    internal KeyValueCache Cache => _cache;

    /// <summary>Takes several tokens and gives the logits after the last, <c>[vocabulary]</c>.</summary>
    /// <exception cref="InvalidInputException">There is no token, one is no id, or the sequence would be longer than the context.</exception>
    /// <exception cref="ObjectDisposedException">The session or the model was disposed.</exception>
    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens)
    {
        RequireRoom(tokens);
        _model.Extend(this, tokens, default);
        return _logits;
    }

    /// <summary>Takes one token and gives the logits after it, <c>[vocabulary]</c>. Allocates nothing unless the cache has to grow.</summary>
    /// <exception cref="InvalidInputException">The token is no id, or the sequence is full.</exception>
    /// <exception cref="ObjectDisposedException">The session or the model was disposed.</exception>
    public ReadOnlySpan<float> Step(int token) => Prefill(new ReadOnlySpan<int>(in token));

    /// <summary>Takes several tokens and gives the logits after each, <c>[tokens, vocabulary]</c>.</summary>
    /// <exception cref="InvalidInputException">There is no token, one is no id, or the sequence would be longer than the context.</exception>
    /// <exception cref="ObjectDisposedException">The session or the model was disposed.</exception>
    public float[] AllLogits(ReadOnlySpan<int> tokens)
    {
        RequireRoom(tokens);
        var all = new float[checked(tokens.Length * _model.Description.Vocabulary)];
        _model.Extend(this, tokens, all);
        return all;
    }

    /// <summary>Forgets all tokens; the cache's memory stays.</summary>
    public void Reset()
    {
        Position = 0;
        Array.Clear(_logits);
    }

    /// <summary>
    /// Forgets all tokens from the one at <paramref name="position"/> on, so that another text can go on from there; the cache's memory stays. Logits are
    /// zeros until the next token.
    /// </summary>
    /// <param name="position">How many tokens to keep.</param>
    /// <exception cref="ArgumentOutOfRangeException">The session has not taken as many.</exception>
    public void Rewind(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Position);
        Position = position;
        Array.Clear(_logits);
    }

    /// <summary>Frees the cache.</summary>
    public void Dispose()
    {
        _cache.Dispose();
        Interlocked.Exchange(ref _memory, null)?.Release();
    }

    /// <summary>Becomes another session's sequence, of which it has the first <paramref name="shared"/> tokens already. Logits stay.</summary>
    internal void CopyFrom(DecoderSession other, int shared)
    {
        _cache.CopyFrom(other._cache, shared, other.Position);
        Position = other.Position;
    }

    internal void RequireRoom(scoped ReadOnlySpan<int> tokens)
    {
        _ = _cache.Pointer;
        if (tokens.IsEmpty)
            throw new InvalidInputException("tokens", null, "none", "at least one", "Begin with the tokenizer's begin token, or give a prompt.");
        for (int index = 0; index < tokens.Length; index++)
        {
            if ((uint)tokens[index] >= (uint)_model.Description.Vocabulary)
                throw new InvalidInputException("tokens", $"token {index}", $"{tokens[index]}", $"an id from 0 to {_model.Description.Vocabulary - 1}", "Use the tokenizer that belongs to the model.");
        }
        if (tokens.Length > Context - Position)
            throw new InvalidInputException("tokens", null, $"{Position} tokens taken and {tokens.Length} more", $"at most {Context} in all, the model's context", _model.Description.EndlessPositions
                ? "Shorten the prompt, generate fewer tokens, or write a greater `context:` in the spec: the model's positions have no end."
                : "Shorten the prompt, generate fewer tokens, or reset the session.");
    }

    internal void Accept(int tokens) => Position += tokens;

    internal void Accept(ReadOnlySpan<float> logits) => logits.CopyTo(_logits);
}
