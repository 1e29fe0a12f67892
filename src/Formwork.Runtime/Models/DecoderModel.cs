using System.Runtime.CompilerServices;
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
    // Below this many multiply-adds a pass is done before a second thread has joined it.
    private const long ParallelMultiplyAdds = 2_000_000;

    private readonly Lock _gate = new();
    private readonly NativeBuffer _weights;
    private readonly NativeBuffer _tables;
    private readonly NativeBuffer _arena;
    private readonly WorkerTeam _team;
    private readonly Batch _batch;
    private readonly Action<Worker> _pass;
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _outputRows;
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
        _tokens = new int[MaxPassTokens];
        _positions = new int[MaxPassTokens];
        _outputRows = new int[MaxPassTokens];
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
    /// <exception cref="InvalidInputException">A token is no id, a sequence is full, a session is given twice, or there are more than a pass takes.</exception>
    public void StepBatch(ReadOnlySpan<DecoderSession> sessions, ReadOnlySpan<int> tokens)
    {
        Require(sessions.Length == tokens.Length, "tokens", $"{tokens.Length}", $"one a session, {sessions.Length}", "Give as many.");
        Require(sessions.Length <= MaxPassTokens, "sessions", $"{sessions.Length}", $"at most {MaxPassTokens}", "Step them in several calls, or load with more MaxPassTokens.");
        for (int index = 0; index < sessions.Length; index++)
        {
            sessions[index].RequireRoom(tokens.Slice(index, 1));
            for (int other = 0; other < index; other++)
                Require(sessions[other] != sessions[index], "sessions", $"one twice, at {other} and {index}", "each once", "Give a session one token a step.");
        }
        if (sessions.IsEmpty)
            return;
        lock (_gate)
        {
            SequenceRows* sequences = stackalloc SequenceRows[sessions.Length];
            for (int index = 0; index < sessions.Length; index++)
            {
                sequences[index] = new SequenceRows { FirstRow = index, Rows = 1, FirstPosition = sessions[index].Position, Cache = sessions[index].Cache };
                _outputRows[index] = index;
            }
            Run(tokens, sequences, sessions.Length, sessions.Length);
            for (int index = 0; index < sessions.Length; index++)
                sessions[index].Accept(1, Logits(index));
        }
    }

    /// <summary>Takes tokens into one sequence, and gives the logits of the last, or of all into <paramref name="all"/>.</summary>
    internal void Extend(DecoderSession session, scoped ReadOnlySpan<int> tokens, Span<float> all)
    {
        lock (_gate)
        {
            for (int start = 0; start < tokens.Length; start += MaxPassTokens)
            {
                ReadOnlySpan<int> pass = tokens.Slice(start, Math.Min(MaxPassTokens, tokens.Length - start));
                bool last = start + pass.Length == tokens.Length;
                int outputs = all.IsEmpty ? (last ? 1 : 0) : pass.Length;
                for (int output = 0; output < outputs; output++)
                    _outputRows[output] = pass.Length - outputs + output;
                var sequence = new SequenceRows { FirstRow = 0, Rows = pass.Length, FirstPosition = session.Position, Cache = session.Cache };
                Run(pass, &sequence, 1, outputs);
                if (!all.IsEmpty)
                    CopyLogits(outputs, all.Slice(start * Description.Vocabulary, outputs * Description.Vocabulary));
                session.Accept(pass.Length, outputs == 0 ? default : Logits(outputs - 1));
            }
        }
    }

    private void CopyLogits(int outputs, Span<float> destination)
    {
        for (int output = 0; output < outputs; output++)
            Logits(output).CopyTo(destination.Slice(output * Description.Vocabulary));
    }

    private ReadOnlySpan<float> Logits(int output) => _logits.AsSpan((long)output * Description.LogitStride, Description.Vocabulary);

    private void Run(ReadOnlySpan<int> tokens, SequenceRows* sequences, int sequenceCount, int outputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        long logits = (long)outputs * Description.LogitStride;
        if (_logits.Length < logits)
        {
            _logits.Dispose();
            _logits = new NativeBuffer(logits);
        }
        tokens.CopyTo(_tokens);
        for (int index = 0; index < sequenceCount; index++)
        {
            for (int row = 0; row < sequences[index].Rows; row++)
                _positions[sequences[index].FirstRow + row] = sequences[index].FirstPosition + row;
        }
        fixed (int* ids = _tokens, positions = _positions, outputRows = _outputRows)
        {
            _batch.Rows = tokens.Length;
            _batch.Tokens = ids;
            _batch.Positions = positions;
            _batch.SequenceCount = sequenceCount;
            _batch.Sequences = sequences;
            _batch.Outputs = outputs;
            _batch.OutputRows = outputRows;
            _batch.Logits = _logits.Pointer;
            _team.Run(_pass, alone: Description.FlopsPerToken / 2 * tokens.Length < ParallelMultiplyAdds);
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
