using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.TestSupport.Specs;
using Formwork.Training.Data;
using Formwork.Training.Optimizers;
using Formwork.Training.Schedules;
using Xunit;

namespace Formwork.Training.Tests.Learning;

/// <summary>Every architecture can learn two batches by heart.</summary>
public sealed class OverfitTests
{
    private const int Vocabulary = 23, Steps = 150;

    [Fact]
    public void AGptLearnsTwoBatches() => Learns(SmallSpecs.Gpt2(vocabulary: Vocabulary), Causal);

    [Fact]
    public void ALlamaLearnsTwoBatches() => Learns(SmallSpecs.Llama() with { Vocabulary = Vocabulary }, Causal);

    [Fact]
    public void ALlamaThatComputesLayersAgainLearnsTwoBatches() =>
        Learns(SmallSpecs.Llama("Again") with { Vocabulary = Vocabulary, Training = new TrainingSpec { Recompute = Recompute.Layers } }, Causal);

    [Fact]
    public void AMixtureOfExpertsLearnsTwoBatches() => Learns(
        (SmallSpecs.Llama("SmallMixture") with { Vocabulary = Vocabulary }).WithFeedForward(
            part => part with { Width = 24, Experts = new ExpertsSpec(4, 2) { SharedWidth = 16 } }), Causal);

    [Fact]
    public void ABertFillsTheMasksOfTwoBatches() => Learns(SmallSpecs.Bert(vocabulary: Vocabulary), Masked);

    [Fact]
    public void AClassifierLearnsTheLabelsOfTwoBatches() =>
        Learns(SmallSpecs.Bert("SmallClassifier", Vocabulary) with { Unembedding = null, Classifier = new ClassifierSpec(3, Bias: true) }, Labelled);

    [Fact]
    public void ATranslatorLearnsTwoBatches() => Learns(SmallSpecs.Translator(vocabulary: Vocabulary), Translated);

    private static void Learns(ModelSpec spec, Func<Random, TrainingBatch> draw)
    {
        using TransformerModel model = LearningModel.Create(spec);
        var random = new Random(7);
        TrainingBatch[] batches = [draw(random), draw(random)];
        var options = new TrainingOptions { Steps = Steps, LearningRate = new ConstantSchedule(3e-3, 10), Optimizer = new AdamWOptions { WeightDecay = 0 } };
        using var trainer = new Trainer(model, new TwoBatches(batches), options);
        double before = trainer.Evaluate().Loss;

        trainer.Run();

        EvaluationResult after = trainer.Evaluate();
        Assert.True(before > 0.8, $"{before} before");
        Assert.True(after.Loss < 0.05, $"{before} before, {after.Loss} after");
        Assert.Equal(1, after.Accuracy);
    }

    private static TrainingBatch Causal(Random random)
    {
        int[] lengths = [7, 4, 9];
        int[] tokens = Ids(random, lengths.Sum());
        // What follows a token is not to follow from it alone.
        return new TrainingBatch(new TrainingSequences(tokens, lengths), null, [.. Enumerable.Range(0, tokens.Length).Where(row => row is not (0 or 7 or 11))], Ids(random, tokens.Length - 3));
    }

    private static TrainingBatch Masked(Random random)
    {
        int[] lengths = [8, 5];
        return new TrainingBatch(new TrainingSequences(Ids(random, lengths.Sum()), lengths), null, [2, 5, 9], Ids(random, 3));
    }

    private static TrainingBatch Labelled(Random random)
    {
        int[] lengths = [5, 6, 3, 8];
        return new TrainingBatch(new TrainingSequences(Ids(random, lengths.Sum()), lengths), null, [0, 1, 2, 3], [.. Enumerable.Range(0, 4).Select(_ => random.Next(3))]);
    }

    private static TrainingBatch Translated(Random random)
    {
        int[] sources = [6, 3], targets = [4, 7];
        int[] tokens = Ids(random, targets.Sum());
        return new TrainingBatch(
            new TrainingSequences(tokens, targets), new TrainingSequences(Ids(random, sources.Sum()), sources), [.. Enumerable.Range(0, tokens.Length)], Ids(random, tokens.Length));
    }

    private static int[] Ids(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary))];

    private sealed class TwoBatches(TrainingBatch[] batches) : ITrainingData
    {
        public string Description => "two batches";

        public int MaxRows => batches.Max(batch => batch.Target.Tokens.Length);

        public int MaxSourceRows => batches.Max(batch => batch.Source?.Tokens.Length ?? 0);

        public TrainingBatch Batch(long step, int micro) => batches[step % 2];

        public IEnumerable<TrainingBatch> EvaluationBatches() => batches;
    }
}
