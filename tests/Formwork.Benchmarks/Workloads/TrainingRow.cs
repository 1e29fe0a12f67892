using Formwork.Benchmarks.Limits;
using Formwork.Training.Optimizers;

namespace Formwork.Benchmarks.Workloads;

/// <summary>A row of the table of training: steps on one batch, bound by multiply-adds.</summary>
/// <param name="Name">For example <c>training gpt2 4x64</c>; what <c>--only</c> is compared with.</param>
/// <param name="Shape">The model's shape.</param>
/// <param name="Sample">The batch.</param>
/// <param name="LabelSmoothing">Label smoothing of the loss.</param>
public sealed record TrainingRow(string Name, TrainingShape Shape, TrainingSample Sample, double LabelSmoothing = 0)
{
    /// <summary>Names of all rows start with it.</summary>
    public const string Group = "training";

    /// <summary>The norm that gradients are clipped to.</summary>
    public const double ClippedNorm = 1;

    /// <summary>The optimizer's learning rate.</summary>
    public const double LearningRate = 1e-4;

    /// <summary>The optimizer, nanoGPT's; matrices decay, vectors do not.</summary>
    public static AdamWOptions Optimizer { get; } = new() { Beta2 = 0.99, WeightDecay = 0.1 };

    /// <summary>All rows, in the table's order.</summary>
    public static IReadOnlyList<TrainingRow> All { get; } = Rows();

    /// <summary>Target tokens of a step: what is counted.</summary>
    public int Tokens => Sample.Tokens.Length;

    /// <summary>Tokens per second of a machine that does nothing but the step's multiply-adds at its limit.</summary>
    public double LimitPerSecond(MachineLimits limits) => Tokens * limits.FlopsPerSecond / Shape.Flops(Sample);

    private static TrainingRow[] Rows()
    {
        TrainingShape nanoGpt = TrainingShape.Load("nanogpt-shakespeare"), gpt2 = TrainingShape.Load("gpt2-trained");
        TrainingShape tiny = TrainingShape.Load("transformer-tiny"), small = TrainingShape.Load("nanogpt-cpu");
        return
        [
            new($"{Group} nanogpt 12x256", nanoGpt, TrainingSample.Equal(nanoGpt.Vocabulary, 12, 256)),
            new($"{Group} gpt2 4x64", gpt2, TrainingSample.Equal(gpt2.Vocabulary, 4, 64)),
            new($"{Group} transformer-tiny 533x15", tiny, TrainingSample.Captions(tiny.Vocabulary), LabelSmoothing: 0.1),
            new($"{Group} nanogpt-cpu 12x64", small, TrainingSample.Equal(small.Vocabulary, 12, 64)),
        ];
    }
}
