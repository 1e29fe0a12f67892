using Formwork.Runtime;
using Formwork.Runtime.Weights;
using Formwork.Training.Adaptation;
using Formwork.Training.Optimizers;
using Formwork.Training.Schedules;

namespace Formwork.Training;

/// <summary>How a run trains.</summary>
public sealed record TrainingOptions
{
    /// <summary>Optimizer steps.</summary>
    public required long Steps { get; init; }

    /// <summary>The learning rate of each step.</summary>
    public required LearningRateSchedule LearningRate { get; init; }

    /// <summary>The optimizer.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamWOptions();

    /// <summary>The most that the norm of all gradients together may be; greater ones are scaled down to it. 0 for no limit.</summary>
    public double ClippedNorm { get; init; } = 1;

    /// <summary>Batches whose gradients are summed before a step.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The share of the target distribution that is spread over all classes (Szegedy et al. 2016, section 7).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Whether the dropout that the spec names drops.</summary>
    public bool Dropout { get; init; } = true;

    /// <summary>What dropout follows from, and adapters' first values.</summary>
    public int Seed { get; init; }

    /// <summary>Steps from one evaluation to the next; 0 for none.</summary>
    public long EvaluationInterval { get; init; }

    /// <summary>Evaluations without a lesser loss after which the run ends; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>Where checkpoints, <c>metrics.jsonl</c> and the final weights go; null for nowhere.</summary>
    public string? Folder { get; init; }

    /// <summary>Steps from one checkpoint to the next; 0 for one at the end only.</summary>
    public long CheckpointInterval { get; init; }

    /// <summary>How many checkpoints are kept.</summary>
    public int KeptCheckpoints { get; init; } = 3;

    /// <summary>Which weights the run ends with.</summary>
    public FinalWeights Result { get; init; }

    /// <summary>How the final weights are stored.</summary>
    public TensorType ResultType { get; init; } = TensorType.F32;

    /// <summary>Low-rank adapters to train in place of the weights themselves; null for none.</summary>
    public LowRankOptions? Adaptation { get; init; }

    /// <summary>All that the numbers of a run follow from, besides model and data.</summary>
    internal string Words => FormattableString.Invariant(
        $"{Optimizer.Words}; {LearningRate.Words}; norm {ClippedNorm:R}; accumulation {Accumulation}; smoothing {LabelSmoothing:R}; dropout {Dropout}; seed {Seed}; {Adaptation?.Words ?? "all weights"}");

    /// <exception cref="InvalidInputException">An option is out of its range, or wants another one.</exception>
    internal void Check()
    {
        Require(Steps > 0, nameof(Steps), Steps, "at least 1");
        Require(LearningRate.Fault is null, nameof(LearningRate), LearningRate.Fault, "a positive peak, and steps and rates that follow each other");
        Require(Optimizer.Fault is null, nameof(Optimizer), Optimizer.Fault, "factors of the optimizer's own range");
        Require(ClippedNorm >= 0, nameof(ClippedNorm), ClippedNorm, "a norm, or 0 for none");
        Require(Accumulation > 0, nameof(Accumulation), Accumulation, "at least 1");
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "a share of at least 0 and less than 1");
        Require(EvaluationInterval >= 0, nameof(EvaluationInterval), EvaluationInterval, "at least 0");
        Require(Patience == 0 || (Patience > 0 && EvaluationInterval > 0), nameof(Patience), Patience, "0, or a count of evaluations that take place");
        Require(CheckpointInterval >= 0, nameof(CheckpointInterval), CheckpointInterval, "at least 0");
        Require(KeptCheckpoints > 0, nameof(KeptCheckpoints), KeptCheckpoints, "at least 1");
        Require(Result == FinalWeights.Last || Folder is not null, nameof(Result), Result, "Last where there is no folder for others");
        Require(Result != FinalWeights.Best || EvaluationInterval > 0, nameof(Result), Result, "evaluations that say which is best");
        Require(ResultType.CanBeRead(), nameof(ResultType), ResultType, "F32, F16 or BF16");
        Require(Adaptation?.Fault is null, nameof(Adaptation), Adaptation?.Fault, "a positive rank and a positive alpha");
    }

    private static void Require(bool holds, string option, object? found, string expected)
    {
        if (!holds)
            throw new InvalidInputException(option, null, FormattableString.Invariant($"{found}"), expected, "Change the option.");
    }
}
