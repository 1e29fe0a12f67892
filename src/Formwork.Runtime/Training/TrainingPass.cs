using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;

namespace Formwork.Runtime.Training;

/// <summary>
/// One forward pass over a batch and, unless it only evaluates, the backward pass, which adds to the gradients. It holds the memory of both;
/// one is made and used for every batch. Generated code reads it.
/// </summary>
public sealed unsafe class TrainingPass : IDisposable
{
    private const int SharedBlock = 64;

    private readonly NativeBuffer _gradients;
    private readonly NativeBuffer _head;
    private readonly NativeBuffer _scratch;
    private readonly NativeBuffer _shared;
    private readonly NativeBuffer _numbers;
    private readonly long _scratchFloats;
    private readonly int _headRows;

    internal TrainingPass(TrainingDescription description, long weightFloats, int maxRows, int maxSourceRows, int vectorStride, int workers)
    {
        Description = description;
        Target = new TrainingRows(maxRows, description.RowFloats, vectorStride);
        Source = new TrainingRows(maxSourceRows, description.SourceRowFloats, vectorStride);
        _gradients = new NativeBuffer(weightFloats, filled: true);
        _headRows = Math.Min(description.HeadRows, maxRows);
        _head = new NativeBuffer((long)description.HeadRowFloats * _headRows);
        _scratchFloats = (description.ScratchFloats + 15) / 16 * 16;
        _scratch = new NativeBuffer(_scratchFloats * workers);
        _shared = new NativeBuffer(((long)Math.Max(maxRows, maxSourceRows) / SharedBlock + 1) * description.SharedFloats);
        _numbers = new NativeBuffer(5L * maxRows);
        OutputRows = (int*)_numbers.Pointer;
        Targets = OutputRows + maxRows;
        Losses = _numbers.Pointer + 2L * maxRows;
        LogLikelihoods = Losses + maxRows;
        Predictions = (int*)LogLikelihoods + maxRows;
    }

    /// <summary>The plan's numbers.</summary>
    public TrainingDescription Description { get; }

    /// <summary>The rows of the target; of the only stack, where there is one.</summary>
    public TrainingRows Target { get; }

    /// <summary>The rows of the source; none where there is one stack. Target sequence i reads source sequence i.</summary>
    public TrainingRows Source { get; }

    /// <summary>Gradients of the packed weights, to which the backward pass adds.</summary>
    public float* Gradients => _gradients.Pointer;

    /// <summary>Number of floats of <see cref="Gradients"/>.</summary>
    public long GradientFloats => _gradients.Length;

    /// <summary>Number of rows (or, where sequences are classified, of sequences) that have a target.</summary>
    public int Outputs { get; private set; }

    /// <summary>Which rows those are, ascending.</summary>
    public int* OutputRows { get; }

    /// <summary>The class that each should be.</summary>
    public int* Targets { get; }

    /// <summary>The loss of each, label smoothing included, in nats.</summary>
    public float* Losses { get; }

    /// <summary>The log-likelihood of each target, in nats: what perplexity is made of.</summary>
    public float* LogLikelihoods { get; }

    /// <summary>The likeliest class of each.</summary>
    public int* Predictions { get; }

    /// <summary>What each row's loss is multiplied by before it is summed: 1 over the number of targets, for the mean.</summary>
    public float LossFactor { get; set; } = 1;

    /// <summary>The share of the target distribution that is spread over all classes (Szegedy et al. 2016, section 7).</summary>
    public float LabelSmoothing { get; set; }

    /// <summary>Whether gradients are computed; without, the pass only evaluates.</summary>
    public bool Backward { get; set; }

    /// <summary>Whether dropout drops.</summary>
    public bool Dropping { get; set; }

    /// <summary>What dropout's masks follow from, besides the place in the model and the row: another number a batch.</summary>
    public ulong Seed { get; set; }

    /// <summary>First output of the chunk that the head is computed for.</summary>
    public int FirstOutput { get; private set; }

    /// <summary>Rows of that chunk.</summary>
    public int HeadRows { get; private set; }

    /// <summary>Says which rows have a target, and which.</summary>
    /// <param name="rows">Rows of the target, or sequences, ascending.</param>
    /// <param name="targets">A class for each.</param>
    /// <exception cref="ArgumentException">There are too many, they do not ascend, or a target is no class.</exception>
    public void SetTargets(ReadOnlySpan<int> rows, ReadOnlySpan<int> targets)
    {
        int limit = Description.ClassifiesSequences ? Target.SequenceCount : Target.Rows;
        if (rows.Length != targets.Length || rows.Length > limit)
            throw new ArgumentException($"{rows.Length} rows and {targets.Length} targets for {limit} rows.", nameof(targets));
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= limit || rows[i] < 0 || (i > 0 && rows[i] <= rows[i - 1]))
                throw new ArgumentException($"Row {rows[i]} of {limit}, after {(i == 0 ? "none" : rows[i - 1])}.", nameof(rows));
            if ((uint)targets[i] >= (uint)Description.Classes)
                throw new ArgumentException($"Target {targets[i]} of {Description.Classes} classes.", nameof(targets));
        }
        rows.CopyTo(new Span<int>(OutputRows, rows.Length));
        targets.CopyTo(new Span<int>(Targets, targets.Length));
        Outputs = rows.Length;
    }

    /// <summary>Runs a head over all outputs, some rows at a time. Every worker calls it.</summary>
    public void ForHeadRows(Worker worker, Action<TrainingPass, Worker> head)
    {
        for (int first = 0; first < Outputs; first += _headRows)
        {
            worker.Synchronize();
            if (worker.Index == 0)
                (FirstOutput, HeadRows) = (first, Math.Min(_headRows, Outputs - first));
            worker.Synchronize();
            head(this, worker);
        }
        worker.Synchronize();
    }

    /// <summary>A buffer of the head, <c>[head rows, …]</c>.</summary>
    public float* HeadBuffer(int floatsBefore) => _head.Pointer + (long)floatsBefore * _headRows;

    /// <summary>A worker's own scratch.</summary>
    public float* Scratch(Worker worker) => _scratch.Pointer + worker.Index * _scratchFloats;

    /// <summary>Scratch that all workers share.</summary>
    public float* Shared => _shared.Pointer;

    /// <summary>The key of a dropout's masks: a function of the batch's seed and of the place in the model (SplitMix64's finisher).</summary>
    public uint DropoutKey(int site)
    {
        ulong value = Seed + (ulong)(uint)site * 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return (uint)((value ^ value >> 31) >> 32);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Target.Dispose();
        Source.Dispose();
        _gradients.Dispose();
        _head.Dispose();
        _scratch.Dispose();
        _shared.Dispose();
        _numbers.Dispose();
    }
}
