using Formwork.Training.Optimizers;
using Formwork.Training.Schedules;
using Formwork.Training.Tests.Fakes;

namespace Formwork.Training.Tests.Checkpoints;

/// <summary>The run that is killed and resumed: dropout, clipping, accumulation, smoothing, evaluations, averaging.</summary>
internal static class KilledRun
{
    public const int Steps = 42;

    public static TrainingOptions Options(string? folder) => new()
    {
        Steps = Steps,
        LearningRate = new CosineSchedule(0.02, 10, Steps),
        Optimizer = new AdamWOptions { WeightDecay = 0.1 },
        Accumulation = 2,
        LabelSmoothing = 0.1,
        Seed = 5,
        EvaluationInterval = 7,
        CheckpointInterval = 3,
        KeptCheckpoints = 2,
        Result = folder is null ? FinalWeights.Last : FinalWeights.Average,
        Folder = folder,
    };

    public static void Train(string folder, Action<long> after, int threads)
    {
        using var model = new FakeModel(threads: threads);
        using var trainer = new Trainer(model, new FakeData(), Options(folder), new Listener { After = after });
        trainer.Resume();
        trainer.Run();
    }
}
