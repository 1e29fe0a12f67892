using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>The training and validation data that options name: texts become ids, ids become examples, examples become batches.</summary>
public sealed class DataSource : ITrainingData, IDisposable
{
    private readonly TokenStore _store;
    private readonly SplitData _data;

    private DataSource(TokenStore store, SplitData data) => (_store, _data) = (store, data);

    /// <inheritdoc/>
    public string Description => _data.Description;

    /// <inheritdoc/>
    public int MaxRows => _data.MaxRows;

    /// <inheritdoc/>
    public int MaxSourceRows => _data.MaxSourceRows;

    /// <summary>What became of the texts to learn from; their examples too long for the model are counted here.</summary>
    public required BuildCounts Training { get; init; }

    /// <summary>What became of the texts to evaluate with.</summary>
    public required BuildCounts Validation { get; init; }

    /// <summary>Batches of an epoch; 0 where windows are drawn from a stream, which has none.</summary>
    public required int BatchesPerEpoch { get; init; }

    /// <summary>Reads the files that options name and makes their batches.</summary>
    /// <exception cref="InvalidInputException">A file or an option cannot be used; the message says which, and where.</exception>
    public static DataSource Open(DataOptions options) => Open(options, onlyToEvaluate: false);

    /// <summary>Reads the files to learn from in order to evaluate with all of them.</summary>
    /// <exception cref="InvalidInputException">A file or an option cannot be used; the message says which, and where.</exception>
    public static DataSource OpenToEvaluate(DataOptions options) => Open(options with { Validation = null, ValidationShare = 0 }, onlyToEvaluate: true);

    /// <inheritdoc/>
    public TrainingBatch Batch(long step, int micro) => _data.Batch(step, micro);

    /// <inheritdoc/>
    public IEnumerable<TrainingBatch> EvaluationBatches() => _data.EvaluationBatches();

    /// <summary>Closes the token files.</summary>
    public void Dispose() => _store.Dispose();

    private static DataSource Open(DataOptions options, bool onlyToEvaluate)
    {
        options.Check();
        var store = new TokenStore(options.Folder);
        try
        {
            return options.Kind == DataKind.Stream ? OpenStream(options, store, onlyToEvaluate) : OpenExamples(options, store, onlyToEvaluate);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static DataSource OpenStream(DataOptions options, TokenStore store, bool onlyToEvaluate)
    {
        Objective objective = ObjectiveOf(options);
        ITokenSequences text = store.Stream(options.Training.Texts, options.Tokenizer, "training");
        ITokenSequences? held = options.Validation is { } files ? store.Stream(files.Texts, options.Tokenizer, "validation") : null;
        int size = options.BatchSize > 0 ? options.BatchSize : Math.Max(1, options.BatchTokens / options.Context);
        var windows = new WindowOptions(options.Context, size)
        {
            Seed = options.Seed,
            EvaluationLimit = options.EvaluationLimit,
            RandomEvaluation = options.RandomEvaluation,
        };
        ITrainingData? evaluation = held is not null ? new TextWindows(held, windows, objective) : onlyToEvaluate ? new TextWindows(text, windows, objective) : null;
        if (held is null && options.ValidationShare > 0)
        {
            long border = (long)(text.Tokens * (1 - options.ValidationShare));
            evaluation = new TextWindows(text, windows with { Begin = border }, objective);
            windows = windows with { End = border };
        }
        return new DataSource(store, new SplitData(new TextWindows(text, windows, objective), evaluation))
        {
            Training = new BuildCounts(options.Training.Texts.Count, 0, 0),
            Validation = new BuildCounts(options.Validation?.Texts.Count ?? 0, 0, 0),
            BatchesPerEpoch = 0,
        };
    }

    private static DataSource OpenExamples(DataOptions options, TokenStore store, bool onlyToEvaluate)
    {
        Objective objective = ObjectiveOf(options);
        var builder = new ExampleBuilder(options, store);
        var (sequences, counts) = builder.Build(options.Training, "training");
        int count = sequences.Count, held = options.Validation is null ? (int)Math.Ceiling(count * options.ValidationShare) : 0;
        ExampleBatches training = Batches(sequences.Take(..(count - held)));
        (ExampleBatches? evaluation, BuildCounts evaluationCounts) = (null, default(BuildCounts));
        if (options.Validation is { } files)
        {
            (BuiltExamples others, evaluationCounts) = builder.Build(files, "validation");
            evaluation = Batches(others.Take(..));
        }
        else if (onlyToEvaluate)
        {
            (evaluation, evaluationCounts) = (training, counts);
        }
        else if (held > 0)
        {
            evaluation = Batches(sequences.Take((count - held)..));
            evaluationCounts = new BuildCounts(held, 0, 0);
            counts = counts with { Examples = counts.Examples - held };
        }
        return new DataSource(store, new SplitData(training, evaluation))
        {
            Training = Without(counts, training),
            Validation = Without(evaluationCounts, evaluation),
            BatchesPerEpoch = training.Batches.Count,
        };

        ExampleBatches Batches(IExampleSet set) => new(set, objective, Limits(options), options.Seed, options.Accumulation, options.EvaluationLimit);
    }

    private static BuildCounts Without(BuildCounts counts, ExampleBatches? batches) =>
        batches is null ? counts : counts + new BuildCounts(-batches.Batches.LeftOut, 0, batches.Batches.LeftOut);

    private static BatchLimits Limits(DataOptions options)
    {
        int rows = options.BatchTokens > 0 ? options.BatchTokens : int.MaxValue;
        return new BatchLimits
        {
            Rows = rows,
            SourceRows = options.BatchSourceTokens > 0 ? options.BatchSourceTokens : Math.Max(rows, options.SourceContext),
            Sequences = options.BatchSize > 0 ? options.BatchSize : int.MaxValue,
            Context = options.Context,
            SourceContext = options.SourceContext > 0 ? options.SourceContext : int.MaxValue,
        };
    }

    private static Objective ObjectiveOf(DataOptions options)
    {
        switch (options.Objective)
        {
            case DataObjective.Causal:
                return options.Kind == DataKind.Stream ? new CausalObjective() : new CausalObjective(options.Begin, options.End);
            case DataObjective.MaskedLanguage:
                return new MaskedLanguageObjective(MaskedLanguageOptions.Of(options.Tokenizer) with { Begin = options.Tokenizer.ClsToken, End = options.Tokenizer.SepToken });
            case DataObjective.Translation:
                int start = options.Start ?? throw Missing("start", "the id that targets start with", "generation: {start: …}");
                int end = options.End ?? throw Missing("end", "the id that targets end with", "tokenizer: {end: …}");
                return new TranslationObjective(new TranslationFrame(start, end, options.SourceEnd) { ForcedFirst = options.ForcedFirst });
            default:
                return new LabelObjective(options.Labels > 0 ? options.Labels : throw Missing("labels", "the number of classes", "labels: …"));
        }

        static InvalidInputException Missing(string option, string expected, string key) => new(option, null, "none", expected, $"Write it in the model's spec: `{key}`.");
    }
}
