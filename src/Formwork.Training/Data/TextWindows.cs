using System.Globalization;
using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>
/// One long text as a trainer's batches. It learns from windows at random places, as in nanoGPT, which follow from seed, step, batch and row;
/// it evaluates with windows that follow each other, in which every id is foretold once.
/// </summary>
public sealed class TextWindows : ITrainingData
{
    private readonly ITokenSequences _text;
    private readonly WindowOptions _options;
    private readonly Objective _objective;
    private readonly long _begin;
    private readonly long _length;
    private readonly int _ids;

    /// <summary>Takes windows from a text.</summary>
    /// <param name="text">The text; its sequences count as one.</param>
    /// <param name="options">How many windows, and how long.</param>
    /// <param name="objective">What the model learns; null for <see cref="CausalObjective"/>.</param>
    /// <exception cref="InvalidInputException">The text is shorter than a window, or an option is out of its range.</exception>
    public TextWindows(ITokenSequences text, WindowOptions options, Objective? objective = null)
    {
        (_text, _options, _objective) = (text, options, objective ?? new CausalObjective());
        if (_objective.NeedsSources)
            throw Fault("objective", "one of pairs", "one of texts");
        _ids = options.Context - _objective.ExtraRows;
        if (options.Context < 1 || options.BatchSize < 1 || _ids <= _objective.Overlap)
            throw Fault("windows", $"{options.BatchSize} of {options.Context} rows", "at least one, of at least one id to foretell");
        if (options.EvaluationLimit < 0 || (options.RandomEvaluation && options.EvaluationLimit == 0))
            throw Fault(nameof(options.EvaluationLimit), $"{options.EvaluationLimit}", "a number of batches; where they are random, at least 1");
        long end = options.End ?? text.Tokens;
        (_begin, _length) = (options.Begin, end - options.Begin);
        if (_begin < 0 || end > text.Tokens || _length < _ids)
            throw Fault("text", $"ids {_begin} to {end} of {text.Tokens}", $"at least {_ids}, for a window of {options.Context} rows");
        Description = string.Create(CultureInfo.InvariantCulture,
            $"text of {ContentSample.Of(text, _begin, end)}; {_objective.Description}; {options.BatchSize} windows of {options.Context} rows; seed {options.Seed}");
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public int MaxRows => checked(_options.Context * _options.BatchSize);

    /// <inheritdoc/>
    public int MaxSourceRows => 0;

    /// <inheritdoc/>
    public TrainingBatch Batch(long step, int micro) => Random(CounterGenerator.Of(_options.Seed).With(step).With(micro));

    /// <inheritdoc/>
    public IEnumerable<TrainingBatch> EvaluationBatches()
    {
        if (!_options.RandomEvaluation)
            return Consecutive();
        var random = new CounterGenerator(SplitData.EvaluationKey);
        return Enumerable.Range(0, _options.EvaluationLimit).Select(index => Random(random.With(index)));
    }

    private TrainingBatch Random(CounterGenerator random)
    {
        var windows = new TrainingExample[_options.BatchSize];
        for (int row = 0; row < windows.Length; row++)
            windows[row] = Window(random.Below(row, _length - _ids + 1), _ids);
        return _objective.Batch(windows, random.Key);
    }

    private IEnumerable<TrainingBatch> Consecutive()
    {
        int stride = _ids - _objective.Overlap;
        int batches = 0;
        var windows = new List<TrainingExample>();
        for (long at = 0; at + _objective.Overlap < _length; at += stride)
        {
            windows.Add(Window(at, (int)Math.Min(_ids, _length - at)));
            if (windows.Count < _options.BatchSize && at + stride + _objective.Overlap < _length)
                continue;
            yield return _objective.Batch(windows, SplitData.EvaluationKey);
            windows.Clear();
            if (++batches == _options.EvaluationLimit)
                yield break;
        }
    }

    private TrainingExample Window(long start, int length)
    {
        var ids = new int[length];
        _text.Read(_begin + start, ids);
        return new TrainingExample(_begin + start, ids);
    }

    private static InvalidInputException Fault(string source, string found, string expected) =>
        new(source, null, found, expected, "Change the options, or give a longer text.");
}
