using System.Globalization;

namespace Formwork.Training.Data;

/// <summary>A set of examples as a trainer's batches: <see cref="LengthBucketedBatches"/> of it, made into rows by an objective.</summary>
public sealed class ExampleBatches : ITrainingData
{
    private readonly IExampleSet _set;
    private readonly Objective _objective;
    private readonly CounterGenerator _random;
    private readonly int _accumulation;
    private readonly int _evaluationLimit;

    /// <summary>Cuts a set into batches.</summary>
    /// <param name="set">The examples.</param>
    /// <param name="objective">What the model learns from them.</param>
    /// <param name="limits">How large batches may be.</param>
    /// <param name="seed">What the order of examples and the objective's choices follow from.</param>
    /// <param name="accumulation">Batches of a step.</param>
    /// <param name="evaluationLimit">Batches of an evaluation; 0 for all.</param>
    /// <exception cref="Formwork.Runtime.InvalidInputException">No example is left, or the objective needs sources and there are none.</exception>
    public ExampleBatches(IExampleSet set, Objective objective, BatchLimits limits, int seed = 0, int accumulation = 1, int evaluationLimit = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(accumulation, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(evaluationLimit);
        if (objective.NeedsSources && !set.HasSources)
            throw new Formwork.Runtime.InvalidInputException("training data", null, "texts without sources", "pairs", "Give parallel text.");
        (_set, _objective, _random, _accumulation, _evaluationLimit) = (set, objective, CounterGenerator.Of(seed), accumulation, evaluationLimit);
        Batches = new LengthBucketedBatches(set, objective, limits, seed);
        Description = string.Create(CultureInfo.InvariantCulture,
            $"{set.Description}; {objective.Description}; {limits.Rows} rows, {limits.SourceRows} source rows, {limits.Sequences} sequences; seed {seed}; {accumulation} a step");
    }

    /// <summary>Which examples make which batch.</summary>
    public LengthBucketedBatches Batches { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public int MaxRows => Batches.MaxRows;

    /// <inheritdoc/>
    public int MaxSourceRows => Batches.MaxSourceRows;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step, or it has fewer batches.</exception>
    public TrainingBatch Batch(long step, int micro)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(micro);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(micro, _accumulation);
        return Make(Batches.Batch((step - 1) * _accumulation + micro), _random.With(step).With(micro).Key);
    }

    /// <inheritdoc/>
    public IEnumerable<TrainingBatch> EvaluationBatches()
    {
        int count = _evaluationLimit > 0 ? Math.Min(_evaluationLimit, Batches.Count) : Batches.Count;
        for (int index = 0; index < count; index++)
            yield return Make(Batches.Ordered((int)((long)index * Batches.Count / count)), SplitData.EvaluationKey);
    }

    private TrainingBatch Make(ReadOnlySpan<int> examples, ulong key)
    {
        var read = new TrainingExample[examples.Length];
        for (int index = 0; index < read.Length; index++)
            read[index] = _set.Read(examples[index]);
        return _objective.Batch(read, key);
    }
}
