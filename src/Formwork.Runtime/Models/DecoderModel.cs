using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Threading;

namespace Formwork.Runtime.Models;

/// <summary>
/// A compiled decoder-only model: the base class of the generated types, and all that tools and servers need to know of them. Sessions
/// share its weights; passes run one at a time, whichever thread asks.
/// </summary>
public abstract unsafe class DecoderModel : TransformerModel
{
    private readonly Action<Worker> _pass;
    private readonly PassBuilder _passes;
    private readonly int[] _tokens;

    /// <summary>Takes over the parts; generated constructors call it.</summary>
    protected DecoderModel(ModelParts parts)
        : base(parts, Math.Min(parts.Options.MaxPassTokens, parts.Description.Context))
    {
        _pass = worker => Forward(Batch, worker);
        _passes = new PassBuilder(MaxPassTokens);
        _tokens = new int[MaxPassTokens];
    }

    /// <summary>One pass: generated. Runs on each worker of the team.</summary>
    protected abstract void Forward(Batch batch, Worker worker);

    /// <summary>A new sequence with a key/value cache of its own.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public DecoderSession NewSession()
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
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
        lock (Gate)
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
        lock (Gate)
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
        lock (Gate)
        {
            _passes.Clear();
            _passes.Add(session, tokens.Length);
            Run(tokens, all);
        }
    }

    /// <summary>Runs the passes that <see cref="_passes"/> was given, tokens in the same order.</summary>
    private void Run(scoped ReadOnlySpan<int> tokens, Span<float> all)
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        for (int start = 0; _passes.Next(allRows: !all.IsEmpty); start += _passes.Rows)
        {
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
            Batch.Rows = _passes.Rows;
            Batch.Tokens = ids;
            Batch.Positions = positions;
            Batch.SequenceCount = _passes.SequenceCount;
            Batch.Sequences = sequences;
            Batch.Outputs = _passes.Outputs;
            Batch.OutputRows = outputRows;
            RunPass(_pass);
        }
    }

    private void CopyLogits(int outputs, Span<float> destination)
    {
        for (int output = 0; output < outputs; output++)
            Logits(output).CopyTo(destination.Slice(output * Description.Vocabulary));
    }

    /// <summary>The logits of an output of the last pass.</summary>
    internal ReadOnlySpan<float> Logits(int output) => Result(PassOutput.Logits, output, Description.Vocabulary);

    private void RequireDistinct(ReadOnlySpan<DecoderSession> sessions)
    {
        var seen = new HashSet<DecoderSession>();
        for (int index = 0; index < sessions.Length; index++)
        {
            Require(sessions[index].Model == this, "sessions", $"another model's at {index}", "this model's", "Make it with this model's NewSession.");
            Require(seen.Add(sessions[index]), "sessions", $"one a second time, at {index}", "each once", "Give a session its tokens together.");
        }
    }

    private static void Require(bool holds, string argument, string found, string expected, string remedy)
    {
        if (!holds)
            throw new InvalidInputException(argument, null, found, expected, remedy);
    }
}
