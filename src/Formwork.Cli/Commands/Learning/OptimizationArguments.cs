using System.CommandLine;
using Formwork.Runtime.Weights;
using Formwork.Training;
using Formwork.Training.Adaptation;
using Formwork.Training.Optimizers;
using Formwork.Training.Schedules;

namespace Formwork.Cli.Commands.Learning;

/// <summary>The options that say how weights change.</summary>
internal sealed class OptimizationArguments
{
    private const int UsualSteps = 2000, UsualKept = 3, Tenths = 10, WarmUpShare = 20;
    private const double DrawnRate = 1e-3, LoadedRate = 1e-4, UsualBeta1 = 0.9, UsualBeta2 = 0.99, UsualEpsilon = 1e-8, UsualDecay = 0.1, UsualClip = 1;

    private readonly Option<int?> _steps = Count("--steps", $"Optimizer steps; {UsualSteps} unless said.", 1);
    private readonly Option<string?> _optimizer = new("--optimizer") { Description = "Which optimizer; adamw unless said.", HelpName = "adamw|muon" };
    private readonly Option<double?> _rate = ModelArguments.Number("--learning-rate",
        $"The greatest learning rate; unless said {DrawnRate} from scratch and for adapters, {LoadedRate} for weights that were trained. "
        + "Of the schedule noam a factor, 1 unless said.",
        rate => rate > 0 && double.IsFinite(rate), "a number above 0");
    private readonly Option<string?> _schedule = new("--schedule")
    {
        Description = "How it goes after the warm-up; cosine unless said.", HelpName = "constant|linear|cosine|inverse-sqrt|noam",
    };

    private readonly Option<int?> _warmUp = Count("--warm-up", "Steps in which the learning rate rises to its greatest; a twentieth of all unless said.", 0);
    private readonly Option<double?> _finalRate = NotNegative("--final-learning-rate",
        "The learning rate of the last step (linear, cosine), a tenth of the greatest unless said; or the least one (inverse-sqrt), 0 unless said.");
    private readonly Option<double?> _beta1 = Factor("--beta1", $"How much of the mean gradient is kept at each step; {UsualBeta1} unless said.");
    private readonly Option<double?> _beta2 = Factor("--beta2", $"How much of the mean squared gradient is kept at each step; {UsualBeta2} unless said.");
    private readonly Option<double?> _epsilon = ModelArguments.Number("--epsilon",
        "What is added to the root of the mean squared gradient; 1e-8 unless said.", value => value > 0, "a number above 0");
    private readonly Option<double?> _decay = NotNegative("--weight-decay",
        $"What share of itself, times the learning rate, a matrix loses at each step; {UsualDecay} unless said.");
    private readonly Option<double?> _clip = NotNegative("--clip", $"The most that the norm of all gradients may be, 0 for no limit; {UsualClip} unless said.");
    private readonly Option<int?> _accumulation = Count("--accumulation", "Batches of a step; 1 unless said.", 1);
    private readonly Option<double?> _smoothing = ModelArguments.Number("--label-smoothing",
        "The share of each target that is spread over all classes; 0 unless said.", value => value is >= 0 and < 1, "a share, 0 or more and less than 1");
    private readonly Option<bool> _noDropout = new("--no-dropout") { Description = "Without the dropout that the spec names." };
    private readonly Option<int?> _seed = Count("--seed", "What first weights, the order of the data and dropout follow from; 1 unless said.", 0);
    private readonly Option<int?> _rank = Count("--lora-rank", "Train adapters of this rank beside the weights instead of the weights (LoRA).", 1);
    private readonly Option<double?> _alpha = ModelArguments.Number("--lora-alpha",
        "Their scale, times the rank; twice the rank unless said.", value => value > 0 && double.IsFinite(value), "a number above 0");
    private readonly Option<bool> _noMerge = new("--no-merge") { Description = "Write the adapters alone, not the weights with them merged in." };
    private readonly Option<int?> _evaluate = Count("--evaluate-every", "Steps from one evaluation to the next; a tenth of all unless said.", 1);
    private readonly Option<int?> _save = Count("--save-every", "Steps from one checkpoint to the next; a tenth of all unless said.", 1);
    private readonly Option<int?> _keep = Count("--keep", $"How many checkpoints are kept; {UsualKept} unless said.", 1);
    private readonly Option<int?> _patience = Count("--patience", "End after so many evaluations without a lesser loss; never unless said.", 1);
    private readonly Option<string?> _result = new("--result")
    {
        Description = "Which weights the run ends with: the last, those of the least evaluation loss, or the mean of the kept checkpoints; last unless said.",
        HelpName = "last|best|average",
    };

    private readonly Option<string?> _store = new("--store") { Description = "How they are stored; f32 unless said.", HelpName = "f32|bf16|f16" };

    /// <summary>What first weights, order and dropout follow from.</summary>
    public int Seed(ParseResult parsed) => parsed.GetValue(_seed) ?? 1;

    /// <summary>Batches of a step.</summary>
    public int Accumulation(ParseResult parsed) => parsed.GetValue(_accumulation) ?? 1;

    /// <summary>What a resumed run needs to know in so many words, since its default could change with other options.</summary>
    public (Option Option, string Value) ResolvedWarmUp(ParseResult parsed) => (_warmUp, $"{WarmUp(parsed)}");

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        _optimizer.AcceptOnlyFromAmong("adamw", "muon");
        _schedule.AcceptOnlyFromAmong("constant", "linear", "cosine", "inverse-sqrt", "noam");
        _result.AcceptOnlyFromAmong("last", "best", "average");
        _store.AcceptOnlyFromAmong("f32", "bf16", "f16");
        foreach (Option option in new Option[]
        {
            _steps, _optimizer, _rate, _schedule, _warmUp, _finalRate, _beta1, _beta2, _epsilon, _decay, _clip, _accumulation, _smoothing, _noDropout, _seed,
            _rank, _alpha, _noMerge, _evaluate, _save, _keep, _patience, _result, _store,
        })
            command.Options.Add(option);
    }

    /// <summary>How the run trains.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="width">The model's width, which the schedule noam needs.</param>
    /// <param name="drawn">Whether it starts from weights that were drawn.</param>
    /// <param name="evaluates">Whether there is anything to evaluate with.</param>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public TrainingOptions Read(ParseResult parsed, int width, bool drawn, bool evaluates, string folder)
    {
        int steps = Steps(parsed), tenth = Math.Max(1, steps / Tenths);
        Check(parsed, evaluates);
        var adamW = new AdamWOptions
        {
            Beta1 = parsed.GetValue(_beta1) ?? UsualBeta1,
            Beta2 = parsed.GetValue(_beta2) ?? UsualBeta2,
            Epsilon = parsed.GetValue(_epsilon) ?? UsualEpsilon,
            WeightDecay = parsed.GetValue(_decay) ?? UsualDecay,
        };
        LowRankOptions? adaptation = parsed.GetValue(_rank) is { } rank
            ? new LowRankOptions { Rank = rank, Alpha = parsed.GetValue(_alpha) ?? 2 * rank, Merge = !parsed.GetValue(_noMerge) }
            : null;
        return new TrainingOptions
        {
            Steps = steps,
            LearningRate = Schedule(parsed, width, steps, drawn || adaptation is not null ? DrawnRate : LoadedRate),
            Optimizer = parsed.GetValue(_optimizer) == "muon" ? new MuonOptions { AdamW = adamW } : adamW,
            ClippedNorm = parsed.GetValue(_clip) ?? UsualClip,
            Accumulation = Accumulation(parsed),
            LabelSmoothing = parsed.GetValue(_smoothing) ?? 0,
            Dropout = !parsed.GetValue(_noDropout),
            Seed = Seed(parsed),
            EvaluationInterval = evaluates ? parsed.GetValue(_evaluate) ?? tenth : 0,
            Patience = parsed.GetValue(_patience) ?? 0,
            Folder = folder,
            CheckpointInterval = parsed.GetValue(_save) ?? tenth,
            KeptCheckpoints = parsed.GetValue(_keep) ?? UsualKept,
            Result = parsed.GetValue(_result) switch { "best" => FinalWeights.Best, "average" => FinalWeights.Average, _ => FinalWeights.Last },
            ResultType = parsed.GetValue(_store) switch { "bf16" => TensorType.BF16, "f16" => TensorType.F16, _ => TensorType.F32 },
            Adaptation = adaptation,
        };
    }

    private void Check(ParseResult parsed, bool evaluates)
    {
        if (!evaluates && (parsed.GetValue(_patience) is not null || parsed.GetValue(_evaluate) is not null || parsed.GetValue(_result) == "best"))
            throw new UsageException("--evaluate-every, --patience and --result best need something to evaluate with: --validation or --validation-share");
        if (parsed.GetValue(_rank) is null && (parsed.GetValue(_alpha) is not null || parsed.GetValue(_noMerge)))
            throw new UsageException("--lora-alpha and --no-merge belong to --lora-rank");
        string schedule = parsed.GetValue(_schedule) ?? "";
        if (schedule is "constant" or "noam" && parsed.GetValue(_finalRate) is not null)
            throw new UsageException($"--final-learning-rate has no meaning with --schedule {schedule}");
        if (schedule is "inverse-sqrt" or "noam" && WarmUp(parsed) == 0)
            throw new UsageException($"--warm-up is 0; with --schedule {schedule} it must be at least 1");
        if (parsed.GetValue(_finalRate) is { } final && parsed.GetValue(_rate) is { } rate && final > rate)
            throw new UsageException($"--final-learning-rate is {Text(final)}; it must be at most --learning-rate, which is {Text(rate)}");
        if (schedule is not ("constant" or "inverse-sqrt" or "noam") && WarmUp(parsed) > Steps(parsed))
            throw new UsageException($"--warm-up is {WarmUp(parsed)}; it must be at most --steps, which is {Steps(parsed)}");
    }

    private LearningRateSchedule Schedule(ParseResult parsed, int width, int steps, double usualRate)
    {
        string schedule = parsed.GetValue(_schedule) ?? "cosine";
        int warmUp = WarmUp(parsed);
        double? given = parsed.GetValue(_rate);
        double peak = given ?? usualRate;
        double final = parsed.GetValue(_finalRate) ?? (schedule == "inverse-sqrt" ? 0 : peak / Tenths);
        return schedule switch
        {
            "constant" => new ConstantSchedule(peak, warmUp),
            "linear" => new LinearSchedule(peak, warmUp, steps, final),
            "inverse-sqrt" => new InverseSquareRootSchedule(peak, warmUp, final),
            "noam" => InverseSquareRootSchedule.Noam(width, warmUp, given ?? 1),
            _ => new CosineSchedule(peak, warmUp, steps, final),
        };
    }

    private int Steps(ParseResult parsed) => parsed.GetValue(_steps) ?? UsualSteps;

    private int WarmUp(ParseResult parsed) =>
        parsed.GetValue(_warmUp) ?? Math.Max(parsed.GetValue(_schedule) is "inverse-sqrt" or "noam" ? 1 : 0, Steps(parsed) / WarmUpShare);

    private static string Text(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static Option<int?> Count(string name, string description, int least) =>
        ModelArguments.Bounded(new Option<int?>(name) { Description = description, HelpName = "count" }, least);

    private static Option<double?> NotNegative(string name, string description) =>
        ModelArguments.Number(name, description, value => value >= 0 && double.IsFinite(value), "a number, 0 or more");

    private static Option<double?> Factor(string name, string description) =>
        ModelArguments.Number(name, description, value => value is >= 0 and < 1, "a number, 0 or more and less than 1");
}
