using Formwork.Runtime;
using Formwork.Runtime.Training;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.Training.Data;
using Formwork.Training.Optimizers;
using Formwork.Training.Schedules;
using Formwork.Training.Tests.Fakes;
using Xunit;

namespace Formwork.Training.Tests;

public unsafe class TrainerTests
{
    private static readonly TrainingOptions Options = new() { Steps = 120, LearningRate = new CosineSchedule(0.02, 10, 120), EvaluationInterval = 40 };

    [Fact]
    public void FakesGradientsAreThoseOfItsLoss()
    {
        using var model = new FakeModel();
        using TrainingPass pass = model.NewTrainingPass(24);
        new BatchInput(model.Description).Set(pass, new FakeData().Batch(1, 0), "here");
        (pass.Backward, pass.Dropping, pass.Seed, pass.LabelSmoothing, pass.LossFactor) = (true, true, 7, 0.1f, 1f / pass.Outputs);
        model.Run(pass);
        float[] gradients = new Span<float>(pass.Gradients, (int)pass.GradientFloats).ToArray();
        foreach (WeightSlot slot in model.Description.Weights.Slots)
        {
            for (int i = 0; i < slot.Rows * slot.Columns; i += 5)
            {
                long at = slot.PackedIndex(i / slot.Columns, i % slot.Columns);
                Assert.Equal(Slope(model, pass, at), gradients[at], 1e-4);
            }
        }
    }

    [Fact]
    public void ModelLearns()
    {
        var listener = new Listener();
        using var model = new FakeModel(threads: 2);
        using var trainer = new Trainer(model, new FakeData(), Options, listener);
        double before = trainer.Evaluate().Loss;
        TrainingResult result = trainer.Run();
        Assert.Equal(Enumerable.Range(1, 120).Select(step => (long)step), listener.Steps.Select(step => step.Step));
        Assert.Equal([40, 80, 120], listener.Evaluations.Select(evaluation => evaluation.Step));
        // One in eight tokens is noise; its entropy and that of the choice are the least there is.
        Assert.InRange(listener.Evaluations[^1].Result.Loss, 0.4, before - 1);
        Assert.InRange(listener.Evaluations[^1].Result.Accuracy, 0.75, 1);
        Assert.Equal((TrainingEnd.Finished, 120L), (result.End, result.Step));
        Assert.Equal(listener.Evaluations.Min(evaluation => evaluation.Result.Loss), result.BestLoss);
    }

    [Fact]
    public void AccumulatedBatchesAreOneBatch()
    {
        TrainingOptions options = Options with { Steps = 3, Dropout = false, Optimizer = new AdamWOptions { Epsilon = 1e-3 } };
        float[] apart = Train(new FakeData(), options with { Accumulation = 2 }), together = Train(new Doubled(), options);
        Assert.All(apart.Zip(together), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void ClippedStepsAreThoseOfScaledGradients()
    {
        var listener = new Listener();
        using var model = new FakeModel();
        float[] before = Weights(model);
        // With an epsilon that dwarfs the gradients a step of Adam is proportional to them.
        TrainingOptions options = Options with
        {
            Steps = 1, LearningRate = new ConstantSchedule(1), Dropout = false, Optimizer = new AdamWOptions { Epsilon = 1e4, WeightDecay = 0 },
        };
        using (var trainer = new Trainer(model, new FakeData(), options with { ClippedNorm = 0 }, listener))
            trainer.Run();
        double norm = listener.Steps[0].GradientNorm, moved = Distance(before, Weights(model));
        using var clipped = new FakeModel();
        using (var trainer = new Trainer(clipped, new FakeData(), options with { ClippedNorm = norm / 4 }))
            trainer.Run();
        Assert.Equal(norm * 1e-4, moved, norm * 1e-6);
        Assert.Equal(moved / 4, Distance(before, Weights(clipped)), moved * 0.01);
    }

    [Fact]
    public void ThreadsDoNotChangeABit() => Assert.Equal(Train(new FakeData(), Options with { Steps = 10 }, 1), Train(new FakeData(), Options with { Steps = 10 }, 3));

    [Fact]
    public void SeedChangesWhatIsDropped() =>
        Assert.NotEqual(Train(new FakeData(), Options with { Steps = 5 }), Train(new FakeData(), Options with { Steps = 5, Seed = 1 }));

    [Fact]
    public void HolesStayZero()
    {
        using var model = new FakeModel();
        using (var trainer = new Trainer(model, new FakeData(), Options with { Steps = 5 }))
            trainer.Run();
        foreach ((long first, int count) in WeightHoles.Find(model.Description.Weights))
            Assert.Equal(-1, model.PackedWeights.AsSpan(first, count).IndexOfAnyExcept(0f));
    }

    [Fact]
    public void RunEndsWhenTheEvaluationLossNoLongerFalls()
    {
        using var folder = new TemporaryFolder();
        using var model = new FakeModel();
        var listener = new Listener();
        // A rate that soon only wanders.
        TrainingOptions options = Options with { Steps = 100_000, LearningRate = new ConstantSchedule(0.3), EvaluationInterval = 2, Patience = 3, Folder = folder.Path, Result = FinalWeights.Best };
        using var trainer = new Trainer(model, new FakeData(), options, listener);
        TrainingResult result = trainer.Run();
        Assert.Equal(TrainingEnd.NoImprovement, result.End);
        Assert.Equal(result.Step - 6, result.BestStep);
        Assert.Equal(result.BestLoss!.Value, trainer.Evaluate().Loss, 1e-9);
    }

    [Fact]
    public void MetricsHaveALineAStep()
    {
        using var folder = new TemporaryFolder();
        Train(new FakeData(), Options with { Steps = 4, EvaluationInterval = 2, Folder = folder.Path });
        string[] lines = File.ReadAllLines(folder.File("metrics.jsonl"));
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("{\"step\":1,\"loss\":", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"gradient_norm\":", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("{\"step\":2,\"evaluation_loss\":", lines[2], StringComparison.Ordinal);
    }

    public static TheoryData<string, TrainingOptions> Wrong => new()
    {
        { "Steps", Options with { Steps = 0 } },
        { "LearningRate", Options with { LearningRate = new CosineSchedule(0.1, 10, 5) } },
        { "Optimizer", Options with { Optimizer = new AdamWOptions { Beta1 = 1 } } },
        { "Patience", Options with { EvaluationInterval = 0, Patience = 2 } },
        { "Result", Options with { Result = FinalWeights.Average } },
        { "LabelSmoothing", Options with { LabelSmoothing = 1 } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void WrongOptionIsNamed(string option, TrainingOptions options)
    {
        using var model = new FakeModel();
        Assert.Equal(option, Assert.Throws<InvalidInputException>(() => new Trainer(model, new FakeData(), options)).InputSource);
    }

    [Theory]
    [InlineData(FakeModel.Vocabulary, 3, "token 11")]
    [InlineData(-1, 3, "token -1")]
    [InlineData(1, 9, "a sequence of 9 tokens")]
    public void BatchThatDoesNotFitTheModelIsRefused(int token, int length, string found)
    {
        using var model = new FakeModel();
        using TrainingPass pass = model.NewTrainingPass(24);
        var batch = new TrainingBatch(new TrainingSequences([.. Enumerable.Repeat(token, length)], [length]), null, [0], [0]);
        var error = Assert.Throws<InvalidInputException>(() => new BatchInput(model.Description).Set(pass, batch, "step 3, batch 0"));
        Assert.Contains($"step 3, batch 0: found {found}", error.Message, StringComparison.Ordinal);
    }

    private static double Slope(FakeModel model, TrainingPass pass, long at)
    {
        const float Step = 1e-2f;
        pass.Backward = false;
        ref float weight = ref model.PackedWeights.Pointer[at];
        float value = weight;
        weight = value + Step;
        double above = Loss(model, pass);
        weight = value - Step;
        double below = Loss(model, pass);
        weight = value;
        return (above - below) / (2 * Step);
    }

    private static double Loss(FakeModel model, TrainingPass pass)
    {
        model.Run(pass);
        double sum = 0;
        for (int i = 0; i < pass.Outputs; i++)
            sum += pass.Losses[i];
        return sum * pass.LossFactor;
    }

    private static float[] Train(ITrainingData data, TrainingOptions options, int threads = 1)
    {
        using var model = new FakeModel(threads: threads);
        using var trainer = new Trainer(model, data, options);
        trainer.Run();
        return Weights(model);
    }

    private static float[] Weights(FakeModel model) => model.PackedWeights.AsSpan(0, (int)model.PackedWeights.Length).ToArray();

    private static double Distance(float[] first, float[] second) => Math.Sqrt(first.Zip(second, (a, b) => ((double)a - b) * ((double)a - b)).Sum());

    /// <summary>Two of the fake's batches as one.</summary>
    private sealed class Doubled : ITrainingData
    {
        private readonly FakeData _data = new();

        public string Description => "doubled";

        public int MaxRows => 2 * _data.MaxRows;

        public int MaxSourceRows => 0;

        public TrainingBatch Batch(long step, int micro)
        {
            TrainingBatch first = _data.Batch(step, 0), second = _data.Batch(step, 1);
            int rows = first.Target.Tokens.Length;
            return new TrainingBatch(
                new TrainingSequences([.. first.Target.Tokens, .. second.Target.Tokens], [.. first.Target.Lengths, .. second.Target.Lengths]), null,
                [.. first.OutputRows, .. second.OutputRows.Select(row => row + rows)], [.. first.Targets, .. second.Targets]);
        }

        public IEnumerable<TrainingBatch> EvaluationBatches() => _data.EvaluationBatches();
    }
}
