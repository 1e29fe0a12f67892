using Formwork.Runtime.Generation;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Models;

/// <summary>
/// A compiled encoder-decoder model (Vaswani et al. 2017): the base class of the generated types. A source is encoded once, to the keys and
/// values that every decoder layer's cross-attention reads; any number of targets can be written from it.
/// </summary>
public abstract unsafe partial class EncoderDecoderModel : GenerativeModel
{
    private readonly EncoderPass _encoderPass;
    private readonly Action _encode;

    /// <summary>Takes over the parts; generated constructors call it.</summary>
    protected EncoderDecoderModel(ModelParts parts)
        : base(parts, Math.Max(parts.Options.MaxPassTokens, LongestSource(parts.Description)))
    {
        TargetTokenizer = parts.TargetTokenizer ?? parts.Tokenizer;
        _encoderPass = new EncoderPass(Description, MaxPassTokens);
        Action<Worker> pass = worker => Encode(Batch, worker);
        _encode = () => RunPass(pass);
    }

    /// <summary>The most tokens of a source.</summary>
    public int SourceContext => LongestSource(Description);

    /// <summary>Number of token ids of a source.</summary>
    public int SourceVocabulary => Description.SourceVocabulary > 0 ? Description.SourceVocabulary : Description.Vocabulary;

    /// <summary>The tokenizer of what the model writes; of most models that of what it reads too. Null when the model takes ids only.</summary>
    public TextTokenizer? TargetTokenizer { get; }

    /// <summary>One pass over an encoder's rows, which fills each sequence's memory: generated. Runs on each worker of the team.</summary>
    protected abstract void Encode(Batch batch, Worker worker);

    /// <summary>Encodes a source.</summary>
    /// <param name="source">Its ids, special tokens included.</param>
    /// <returns>What targets are written from; to be disposed.</returns>
    /// <exception cref="InvalidInputException">There is no token, there are too many, or one is no id.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public SourceMemory Encode(ReadOnlySpan<int> source) => Encode([source.ToArray()])[0];

    /// <summary>Encodes several sources, in passes that carry several of them; none changes a bit of another's result.</summary>
    /// <inheritdoc cref="Encode(ReadOnlySpan{int})"/>
    public SourceMemory[] Encode(IReadOnlyList<int[]> sources) => Encode(Work(sources), states: null);

    /// <summary>Encodes what a front end made of one input, <c>[rows, width]</c>, for models whose sources are vectors.</summary>
    /// <exception cref="InvalidInputException">The model takes tokens, or the vectors are too many, of another width, or not finite.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public SourceMemory EncodeVectors(float[,] vectors) => Encode([EncoderWork.Of(vectors, Description, SourceContext)], states: null)[0];

    /// <summary>The encoder's states for a source, <c>[tokens, width]</c>.</summary>
    /// <inheritdoc cref="Encode(ReadOnlySpan{int})"/>
    public float[] EncodeStates(ReadOnlySpan<int> source)
    {
        EncoderWork[] work = Work([source.ToArray()]);
        var states = new float[checked(source.Length * Description.Width)];
        Encode(work, states)[0].Dispose();
        return states;
    }

    /// <summary>A new target over an encoded source, with a key/value cache of its own.</summary>
    /// <exception cref="InvalidInputException">The source was encoded by another model.</exception>
    /// <exception cref="ObjectDisposedException">The model or the source was disposed.</exception>
    public DecoderSession NewSession(SourceMemory memory)
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        if (memory.Model != this)
            throw new InvalidInputException("memory", null, "another model's", "this model's", "Make it with this model's Encode.");
        return new DecoderSession(this, memory);
    }

    /// <summary>The most probable targets of several sources by beam search, best first for each.</summary>
    /// <param name="sources">Each source's ids, special tokens included.</param>
    /// <param name="options">How; null for the model's own way.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InvalidInputException">An option is out of its range, or a source cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<Hypothesis>[] Search(IReadOnlyList<int[]> sources, BeamSearchOptions? options = null, CancellationToken cancellation = default)
    {
        options = (options ?? new BeamSearchOptions()).Complete(Description.Generation, Description.Vocabulary);
        TargetStart(options.ForcedFirst!);
        EncoderWork[] work = Work(sources);
        var found = new List<IReadOnlyList<Hypothesis>>(work.Length);
        foreach (EncoderWork[] some in work.Chunk(PromptsAtATime(options.Beams!.Value)))
        {
            SourceMemory[] memories = Encode(some, states: null);
            try
            {
                found.AddRange(Search(memories, options, cancellation));
            }
            finally
            {
                Array.ForEach(memories, memory => memory.Dispose());
            }
        }
        return [.. found];
    }

    /// <summary>The most probable targets of several encoded sources by beam search, best first for each.</summary>
    /// <param name="memories">What the encoder made of each source.</param>
    /// <param name="options">How; null for the model's own way.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InvalidInputException">An option is out of its range, or a source was encoded by another model.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model or a source was disposed.</exception>
    public IReadOnlyList<Hypothesis>[] Search(IReadOnlyList<SourceMemory> memories, BeamSearchOptions? options = null, CancellationToken cancellation = default)
    {
        options = (options ?? new BeamSearchOptions()).Complete(Description.Generation, Description.Vocabulary);
        var rules = new BeamRules(options, Description.Tokenizer.EndTokens);
        int[] target = TargetStart(rules.Forced);
        var found = new List<IReadOnlyList<Hypothesis>>(memories.Count);
        foreach (SourceMemory[] some in memories.Chunk(PromptsAtATime(rules.Beams)))
        {
            DecoderSession[] sessions = [.. some.SelectMany(memory => Enumerable.Range(0, rules.Beams).Select(_ => NewSession(memory)))];
            BeamLimit[] limits = [.. some.Select(memory => Limit(target.Length, options.MaxTokens ?? memory.Rows + UsualMoreTokens))];
            found.AddRange(Search(sessions, [.. some.Select(_ => target)], rules, limits, cancellation));
        }
        return [.. found];
    }

    /// <summary>How much each target token looks at each source token, <c>[decoder layers, heads, target, source]</c>: the cross-attention's softmax.</summary>
    /// <param name="source">The source's ids.</param>
    /// <param name="target">The target's ids, the start token included.</param>
    /// <exception cref="InvalidInputException">A sequence is empty or too long, or a token is no id.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] CrossAttention(ReadOnlySpan<int> source, ReadOnlySpan<int> target)
    {
        TokenCheck.Length(Description, target.Length, Description.Context, "target");
        TokenCheck.Ids(target.ToArray(), Description.Vocabulary, "target");
        using SourceMemory memory = Encode(source);
        using DecoderSession session = NewSession(memory);
        int maps = Description.DecoderLayers * Description.Heads, padded = memory.Cache.Capacity, rows = Math.Min(target.Length, MaxPassTokens);
        var weights = new float[checked(maps * target.Length * source.Length)];
        using var buffer = new NativeBuffer((long)maps * rows * padded);
        for (int first = 0; first < target.Length; first += rows)
        {
            rows = Math.Min(rows, target.Length - first);
            Extend(session, target.Slice(first, rows), buffer.Pointer);
            for (int row = 0; row < maps * rows; row++)
                buffer.AsSpan((long)row * padded, source.Length).CopyTo(weights.AsSpan((row / rows * target.Length + first + row % rows) * source.Length));
        }
        return weights;
    }

    // "Attention Is All You Need", section 6.1: "maximum output length during inference to input length + 50".
    private const int UsualMoreTokens = 50;

    private static int LongestSource(ModelDescription description) => description.SourceContext > 0 ? description.SourceContext : description.Context;

    private EncoderWork[] Work(IReadOnlyList<int[]> sources)
    {
        var work = new EncoderWork[sources.Count];
        for (int index = 0; index < work.Length; index++)
            work[index] = EncoderWork.Of(new EncoderInput(sources[index]), Description, SourceContext, SourceVocabulary, "source", sources.Count == 1 ? "" : $"sequence {index}, ");
        return work;
    }

    /// <summary>Runs the encoder; its states go to <paramref name="states"/> if it is given, which is for one sequence.</summary>
    private SourceMemory[] Encode(EncoderWork[] work, float[]? states)
    {
        var memories = new SourceMemory[work.Length];
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(Disposed, this);
            for (int index = 0; index < work.Length; index++)
            {
                memories[index] = new SourceMemory(this, work[index].Rows);
                work[index] = work[index] with { Memory = memories[index].Cache, OutputRows = states is null ? [] : null };
            }
            for (int first = 0; first < work.Length; first += _encoderPass.SequenceCount)
            {
                _encoderPass.Fill(work, first);
                _encoderPass.Run(Batch, states is null ? PassOutput.Logits : PassOutput.HiddenStates, _encode);
            }
            for (int row = 0; row < (states is null ? 0 : work[0].Rows); row++)
                Result(PassOutput.HiddenStates, row, Description.Width).CopyTo(states.AsSpan(row * Description.Width));
        }
        return memories;
    }

    /// <summary>What every target begins with.</summary>
    private int[] TargetStart(IReadOnlyList<int> forced)
    {
        int start = Description.Generation.Start ?? Description.Tokenizer.BeginToken
            ?? throw new InvalidInputException(Description.Name, "start token", "none", "the token that targets begin with", "Write it in the spec: `generation: {start: …}`.");
        int[] target = [start, .. forced];
        TokenCheck.Ids(target, Description.Vocabulary, "start and forced tokens");
        TokenCheck.Length(Description, target.Length, Description.Context, "start and forced tokens");
        return target;
    }

    private protected override void DisposeParts() => _encoderPass.Dispose();
}
