using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Threading;

namespace Formwork.Runtime.Models;

/// <summary>
/// A compiled model that grows sequences token by token: what decoder-only and encoder-decoder models have in common. Sessions share its
/// weights; a pass can carry rows of several.
/// </summary>
public abstract unsafe class GenerativeModel : TransformerModel
{
    private readonly Action<Worker> _pass;
    private readonly PassBuilder _passes;
    private readonly int[] _tokens;

    private protected GenerativeModel(ModelParts parts, int maxPassTokens)
        : base(parts, maxPassTokens)
    {
        _pass = worker => Forward(Batch, worker);
        _passes = new PassBuilder(MaxPassTokens);
        _tokens = new int[MaxPassTokens];
    }

    /// <summary>One pass over a decoder's rows: generated. Runs on each worker of the team.</summary>
    protected abstract void Forward(Batch batch, Worker worker);

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

    /// <summary>
    /// Takes tokens into one sequence in one pass that also gives its cross-attention weights, <c>[decoder layers, heads, tokens, memory
    /// positions padded to 64]</c>.
    /// </summary>
    private protected void Extend(DecoderSession session, scoped ReadOnlySpan<int> tokens, float* attentionWeights)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(Disposed, this);
            _passes.Clear();
            _passes.Add(session, tokens.Length);
            _passes.Next(allRows: false);
            tokens.CopyTo(_tokens);
            RunPass(attentionWeights);
            _passes.Accept(this);
        }
    }

    /// <summary>Runs the passes that <see cref="_passes"/> was given, tokens in the same order.</summary>
    private void Run(scoped ReadOnlySpan<int> tokens, Span<float> all)
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        for (int start = 0; _passes.Next(allRows: !all.IsEmpty); start += _passes.Rows)
        {
            tokens.Slice(start, _passes.Rows).CopyTo(_tokens);
            RunPass(attentionWeights: null);
            if (!all.IsEmpty)
                CopyLogits(_passes.Outputs, all.Slice(start * Description.Vocabulary));
            _passes.Accept(this);
        }
    }

    private void RunPass(float* attentionWeights)
    {
        fixed (int* ids = _tokens, positions = _passes.Positions, outputRows = _passes.OutputRows)
        fixed (SequenceRows* sequences = _passes.Sequences)
        {
            Batch.Rows = _passes.Rows;
            Batch.Tokens = ids;
            Batch.TokenTypes = null;
            Batch.Vectors = null;
            Batch.Positions = positions;
            Batch.SequenceCount = _passes.SequenceCount;
            Batch.Sequences = sequences;
            Batch.Outputs = _passes.Outputs;
            Batch.OutputRows = outputRows;
            Batch.Wanted = PassOutput.Logits;
            Batch.AttentionWeights = attentionWeights;
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

    /// <summary>Searches for the most probable continuations of prompts that sessions of this model have room for.</summary>
    /// <param name="sessions">For each prompt as many new sessions as there are beams; disposed here.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="rules">What is searched for.</param>
    /// <param name="limits">How long each text may be.</param>
    /// <param name="cancellation">Ends the search.</param>
    private protected IReadOnlyList<Hypothesis>[] Search(
        DecoderSession[] sessions, IReadOnlyList<int[]> prompts, BeamRules rules, IReadOnlyList<BeamLimit> limits, CancellationToken cancellation)
    {
        try
        {
            DecoderSession[] first = [.. prompts.Select((_, index) => sessions[index * rules.Beams])];
            PrefillBatch(first, prompts.ToArray());
            return new BeamSearch(new BeamSessions(this, sessions, prompts, rules.Beams), rules, limits).Run(cancellation);
        }
        finally
        {
            foreach (DecoderSession session in sessions)
                session.Dispose();
        }
    }

    /// <summary>Runs several generations side by side: a step takes one token into each that is not finished. The whole text of each.</summary>
    /// <param name="sessions">A new session of this model for each; disposed here.</param>
    /// <param name="begin">Makes the generation over a session, by its index.</param>
    /// <param name="cancellation">Ends all of them at the next token.</param>
    private protected string[] Write(DecoderSession[] sessions, Func<int, TextGeneration> begin, CancellationToken cancellation)
    {
        try
        {
            TextGeneration[] generations = [.. sessions.Select((_, index) => begin(index))];
            StringBuilder[] texts = [.. generations.Select(generation => new StringBuilder(generation.Open()))];
            int[] open = [.. Enumerable.Range(0, texts.Length)];
            for (bool prompts = true; (open = [.. open.Where(index => !generations[index].Finished)]).Length > 0; prompts = false)
            {
                cancellation.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                DecoderSession[] taking = [.. open.Select(index => sessions[index])];
                if (prompts)
                    PrefillBatch(taking, [.. open.Select(index => generations[index].Pending.ToArray())]);
                else
                    StepBatch(taking, [.. open.Select(index => generations[index].Pending[0])]);
                foreach (int index in open)
                    texts[index].Append(generations[index].Take(sessions[index].Logits, start));
            }
            return [.. texts.Select(text => text.ToString())];
        }
        finally
        {
            foreach (DecoderSession session in sessions)
                session.Dispose();
        }
    }

    /// <summary>How long a text may become after a prompt.</summary>
    private protected BeamLimit Limit(int promptTokens, int? mostTokens)
    {
        // The last token is given out but never read by the model, so it needs no room.
        int room = Description.Context - promptTokens + 1;
        return mostTokens <= room ? new BeamLimit(mostTokens.Value, FinishReason.Length) : new BeamLimit(room, FinishReason.Context);
    }

    /// <summary>How many prompts are searched at a time, so that their beams fill a pass and no more.</summary>
    private protected int PromptsAtATime(int beams) => Math.Max(1, MaxPassTokens / beams);

    private protected static void RequireOneEach(int texts, int options) =>
        Require(texts == options, "options", $"{options}", $"one a text, {texts}", "Give as many.");

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
