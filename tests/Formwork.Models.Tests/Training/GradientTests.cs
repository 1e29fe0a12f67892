using Formwork.Compiler;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.Models.Tests.Emitted;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Models.Tests.Training;

/// <summary>
/// Compiled training passes give the loss and the derivatives that the differentiated graph means in float64, of a ragged batch in which some
/// rows have targets: some models without dropout, and with every dropout, a smoothed loss and layers computed again.
/// </summary>
public class GradientTests(LearningModels models) : IClassFixture<LearningModels>
{
    // As for the passes that infer: a choice of experts within rounding could go either way.
    private const double Rounding = 5e-6;

    public static TheoryData<string> Some => [.. LearningModels.Some.Keys];

    [Theory, MemberData(nameof(Some))]
    public void WithoutDropout(string feature) => Check(LearningModels.Some, feature, LearningModels.Plain);

    [Theory, MemberData(nameof(Some))]
    public void OfLayersThatAreComputedAgain(string feature) => Check(LearningModels.Some, feature, LearningModels.Again);

    /// <summary>The tests of agreement stand on this.</summary>
    [Fact]
    public void NoChoiceOfExpertsIsWithinRounding()
    {
        IEnumerable<ModelSpec> mixed = LearningModels.All.Select(entry => entry.Spec with { Training = entry.Training })
            .Where(spec => new[] { spec.Encoder, spec.Decoder }.Any(stack => stack?.Layers.Any(layer => layer.FeedForward.Experts is not null) == true));
        Assert.Equal([], mixed.Select(spec => (spec.Name, Margin: Margin(spec))).Where(found => found.Margin < Rounding));

        static double Margin(ModelSpec spec)
        {
            TrainingGraph graph = ModelCompiler.TrainingGraph(spec);
            IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(GraphBuilder.Build(spec), EmittedModel.Seed);
            return Batch(spec).Sequences.Min(sequence => RouteMargin.Smallest(graph.Nodes, GraphInterpreter.Run(graph, parameters, sequence)));
        }
    }

    /// <summary>A pass adds to the gradients that are there: the second of a step, to the first's.</summary>
    [Fact]
    public void TwoPassesGiveTwiceAsMuch()
    {
        EmittedModel emitted = models.Of(LearningModels.Some, "experts with biases, bounded", LearningModels.Plain);
        float[] once = BatchGradients.Compiled(emitted, Batch(emitted.Spec), threads: 1).Packed, twice = BatchGradients.Compiled(emitted, Batch(emitted.Spec), threads: 1, runs: 2).Packed;

        double largest = once.Max(Math.Abs);
        Assert.All(once.Zip(twice), pair => Assert.InRange(pair.Second, 2 * pair.First - 1e-6 * largest, 2 * pair.First + 1e-6 * largest));
    }

    /// <summary>What a pass could get wrong by little is more than the tolerance hides.</summary>
    [Fact]
    public void SmallDifferencesAreFound()
    {
        EmittedModel emitted = models.Of(LearningModels.Some, "gpt2", LearningModels.Plain);
        RaggedBatch batch = Batch(emitted.Spec), other = new(emitted.Spec, seed: 1, dropoutSeed: null, labelSmoothing: 0.001, LearningModels.Lengths);
        TrainingGraph graph = ModelCompiler.TrainingGraph(emitted.Spec);
        BatchGradients expected = BatchGradients.Interpreted(emitted, graph, batch), smoothed = BatchGradients.Interpreted(emitted, graph, other);
        BatchGradients lacking = expected with { Of = expected.Of.ToDictionary(entry => entry.Key, entry => (double[])[.. entry.Value.Select(value => value * (entry.Key.Contains("1.attention.output.weight") ? 1.0001 : 1))]) };

        GradientAgreement.Close(expected, BatchGradients.Compiled(emitted, batch, threads: 1));
        Assert.ThrowsAny<Exception>(() => GradientAgreement.Close(smoothed, expected));
        Assert.ThrowsAny<Exception>(() => GradientAgreement.Close(lacking, expected));
    }

    private static RaggedBatch Batch(ModelSpec spec) => LearningModels.Batch(spec);

    private void Check(IReadOnlyDictionary<string, ModelSpec> list, string feature, TrainingSpec training)
    {
        EmittedModel emitted = models.Of(list, feature, training);
        GradientAgreement.Check(emitted, Batch(emitted.Spec));
    }
}
