using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Models;

/// <summary>
/// A compiled decoder-only model: the base class of the generated types, and all that tools and servers need to know of them. Sessions
/// share its weights; passes run one at a time, whichever thread asks.
/// </summary>
public abstract unsafe class DecoderModel : IDisposable
{
    private readonly Lock _gate = new();
    private readonly NativeBuffer _weights;
    private readonly NativeBuffer _tables;
    private readonly NativeBuffer _arena;
    private readonly WorkerTeam _team;
    private readonly Batch _batch;
    private readonly Action<Worker> _pass;
    private readonly long _parallelMultiplyAdds;
    private readonly PassBuilder _passes;
    private readonly int[] _tokens;
    private NativeBuffer _logits;
    private bool _disposed;

    /// <summary>Takes over the parts; generated constructors call it.</summary>
    protected DecoderModel(ModelParts parts)
    {
        Description = parts.Description;
        Tokenizer = parts.Tokenizer;
        MaxPassTokens = Math.Min(parts.Options.MaxPassTokens, Description.Context);
        _weights = parts.Weights;
        _tables = new NativeBuffer(Description.TableFloats);
        _arena = new NativeBuffer((long)Description.ActivationFloats * MaxPassTokens);
        _logits = new NativeBuffer(Description.LogitStride);
        _team = new WorkerTeam(ModelParts.ThreadCount(parts.Options));
        _batch = new Batch(MaxPassTokens);
        _batch.SetArena(_arena.Pointer);
        _pass = worker => Forward(_batch, worker);
        _parallelMultiplyAdds = parts.Options.ParallelMultiplyAdds;
        _passes = new PassBuilder(MaxPassTokens);
        _tokens = new int[MaxPassTokens];
    }

    /// <summary>The architecture in numbers.</summary>
    public ModelDescription Description { get; }

    /// <summary>The tokenizer; null when the spec names none or the weights are random.</summary>
    public TextTokenizer? Tokenizer { get; }

    /// <summary>The most tokens that one pass takes.</summary>
    public int MaxPassTokens { get; }

    /// <summary>Number of threads.</summary>
    public int Threads => _team.Count;

    /// <summary>The packed weights, for generated code.</summary>
    protected float* Weights => _weights.Pointer;

    /// <summary>The tables computed at load, for generated code.</summary>
    protected float* Tables => _tables.Pointer;

    /// <summary>One pass: generated. Runs on each worker of the team.</summary>
    protected abstract void Forward(Batch batch, Worker worker);

    /// <summary>A new sequence with a key/value cache of its own.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public DecoderSession NewSession()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new DecoderSession(this);
    }

    /// <summary>Continues a text; see <see cref="TextGenerator"/>. Pieces come as soon as they are certain.</summary>
    /// <exception cref="InvalidInputException">The prompt or an option cannot be used.</exception>
    public IEnumerable<string> Generate(string prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        using DecoderSession session = NewSession();
        foreach (string piece in new TextGenerator(session, RequireTokenizer(), Description.Tokenizer).Generate(prompt, options, cancellation))
            yield return piece;
    }

    /// <summary>As <see cref="Generate"/>, computed off the caller's thread.</summary>
    /// <exception cref="InvalidInputException">The prompt or an option cannot be used.</exception>
    public async IAsyncEnumerable<string> GenerateAsync(
        string prompt,
        GenerationOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using DecoderSession session = NewSession();
        var generator = new TextGenerator(session, RequireTokenizer(), Description.Tokenizer);
        await foreach (string piece in generator.GenerateAsync(prompt, options, cancellation).ConfigureAwait(false))
            yield return piece;
    }

    /// <summary>Takes one token into each of several sequences, of any lengths, in one pass; each session's logits are then its next token's.</summary>
    /// <param name="sessions">Sessions of this model, each at most once.</param>
    /// <param name="tokens">One token a session.</param>
    /// <exception cref="InvalidInputException">A token is no id, a sequence is full, or a session is given twice or is another model's.</exception>
    public void StepBatch(ReadOnlySpan<DecoderSession> sessions, ReadOnlySpan<int> tokens)
    {
        Require(sessions.Length == tokens.Length, "tokens", $"{tokens.Length}", $"one a session, {sessions.Length}", "Give as many.");
        RequireDistinct(sessions);
        for (int index = 0; index < sessions.Length; index++)
            sessions[index].RequireRoom(tokens.Slice(index, 1));
        lock (_gate)
        {
            _passes.Clear();
            for (int index = 0; index < sessions.Length; index++)
                _passes.Add(sessions[index], 1);
            Run(tokens, default);
        }
    }

    /// <summary>Takes a prompt into each of several sequences, in passes that carry rows of several; each session's logits are then its next token's.</summary>
    /// <param name="sessions">Sessions of this model, each at most once.</param>
    /// <param name="prompts">One or more tokens a session.</param>
    /// <exception cref="InvalidInputException">A prompt is empty or too long, a token is no id, or a session is given twice or is another model's.</exception>
    public void PrefillBatch(ReadOnlySpan<DecoderSession> sessions, ReadOnlySpan<int[]> prompts)
    {
        Require(sessions.Length == prompts.Length, "prompts", $"{prompts.Length}", $"one a session, {sessions.Length}", "Give as many.");
        RequireDistinct(sessions);
        var tokens = new List<int>();
        for (int index = 0; index < sessions.Length; index++)
        {
            sessions[index].RequireRoom(prompts[index]);
            tokens.AddRange(prompts[index]);
        }
        lock (_gate)
        {
            _passes.Clear();
            for (int index = 0; index < sessions.Length; index++)
                _passes.Add(sessions[index], prompts[index].Length);
            Run(CollectionsMarshal.AsSpan(tokens), default);
        }
    }

    /// <summary>Takes tokens into one sequence; the logits after each go to <paramref name="all"/> unless it is empty.</summary>
    internal void Extend(DecoderSession session, scoped ReadOnlySpan<int> tokens, Span<float> all)
    {
        lock (_gate)
        {
            _passes.Clear();
            _passes.Add(session, tokens.Length);
            Run(tokens, all);
        }
    }

    /// <summary>Runs the passes that <see cref="_passes"/> was given, tokens in the same order.</summary>
    private void Run(scoped ReadOnlySpan<int> tokens, Span<float> all)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (int start = 0; _passes.Next(allRows: !all.IsEmpty); start += _passes.Rows)
        {
            EnsureLogits(_passes.Outputs);
            tokens.Slice(start, _passes.Rows).CopyTo(_tokens);
            RunPass();
            if (!all.IsEmpty)
                CopyLogits(_passes.Outputs, all.Slice(start * Description.Vocabulary));
            _passes.Accept(this);
        }
    }

    private void RunPass()
    {
        fixed (int* ids = _tokens, positions = _passes.Positions, outputRows = _passes.OutputRows)
        fixed (SequenceRows* sequences = _passes.Sequences)
        {
            _batch.Rows = _passes.Rows;
            _batch.Tokens = ids;
            _batch.Positions = positions;
            _batch.SequenceCount = _passes.SequenceCount;
            _batch.Sequences = sequences;
            _batch.Outputs = _passes.Outputs;
            _batch.OutputRows = outputRows;
            _batch.Logits = _logits.Pointer;
            _team.Run(_pass, alone: Description.FlopsPerToken / 2 * _passes.Rows < _parallelMultiplyAdds);
        }
    }

    private void EnsureLogits(int outputs)
    {
        long floats = (long)outputs * Description.LogitStride;
        if (_logits.Length >= floats)
            return;
        _logits.Dispose();
        _logits = new NativeBuffer(floats);
    }

    private void CopyLogits(int outputs, Span<float> destination)
    {
        for (int output = 0; output < outputs; output++)
            Logits(output).CopyTo(destination.Slice(output * Description.Vocabulary));
    }

    /// <summary>The logits of an output of the last pass.</summary>
    internal ReadOnlySpan<float> Logits(int output) => _logits.AsSpan((long)output * Description.LogitStride, Description.Vocabulary);

    private void RequireDistinct(ReadOnlySpan<DecoderSession> sessions)
    {
        var seen = new HashSet<DecoderSession>();
        for (int index = 0; index < sessions.Length; index++)
        {
            Require(sessions[index].Model == this, "sessions", $"another model's at {index}", "this model's", "Make it with this model's NewSession.");
            Require(seen.Add(sessions[index]), "sessions", $"one a second time, at {index}", "each once", "Give a session its tokens together.");
        }
    }

    private TextTokenizer RequireTokenizer() => Tokenizer ?? throw new InvalidInputException(
        Description.Name, "tokenizer", "none", "one", "Name it in the spec under tokenizer:, or give token ids to a session.");

    private static void Require(bool holds, string argument, string found, string expected, string remedy)
    {
        if (!holds)
            throw new InvalidInputException(argument, null, found, expected, remedy);
    }

    /// <summary>Frees the weights and ends the threads. Sessions can then only be disposed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _team.Dispose();
            _weights.Dispose();
            _tables.Dispose();
            _arena.Dispose();
            _logits.Dispose();
        }
        GC.SuppressFinalize(this);
    }
}
