using System.Globalization;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>The derivatives of whole models are the slopes of their loss: every feature, with all dropouts and a smoothed loss.</summary>
public class ModelDerivativeTests
{
    private static readonly TrainingSpec Dropping = new() { EmbeddingDropout = 0.1, ResidualDropout = 0.2, AttentionDropout = 0.3, ActivationDropout = 0.1 };

    public static TheoryData<string> Decoders => [.. Features.All.Keys];

    public static TheoryData<string> Encoders => [.. EncoderFeatures.Encoders.Where(feature => Learns(feature.Value)).Select(feature => feature.Key)];

    public static TheoryData<string> Translators => [.. EncoderFeatures.Translators.Keys];

    public static TheoryData<string> Experts => [.. ExpertFeatures.All.Keys];

    [Theory, MemberData(nameof(Decoders))]
    public void OfADecoder(string feature) => Check(Features.All[feature]);

    [Theory, MemberData(nameof(Encoders))]
    public void OfAnEncoder(string feature) => Check(EncoderFeatures.Encoders[feature]);

    [Theory, MemberData(nameof(Translators))]
    public void OfATranslator(string feature) => Check(EncoderFeatures.Translators[feature]);

    [Theory, MemberData(nameof(Experts))]
    public void OfExperts(string feature) => Check(ExpertFeatures.All[feature]);

    [Fact]
    public void OfAClassifier() => Check(SmallSpecs.Bert() with { Unembedding = null });

    [Fact]
    public void WithoutDropout()
    {
        foreach (ModelSpec spec in new[] { SmallSpecs.Gpt2(), SmallSpecs.Llama(), SmallSpecs.Bert(), SmallSpecs.Translator() })
            Check(spec, training: new TrainingSpec());
    }

    /// <summary>With the seed 20, or that of the environment variable <c>FORMWORK_SEED</c>.</summary>
    [Fact]
    public void OfModelsThatNobodyThoughtOf()
    {
        uint seed = uint.Parse(Environment.GetEnvironmentVariable("FORMWORK_SEED") ?? "20", CultureInfo.InvariantCulture);
        foreach (ModelSpec spec in RandomSpecs.Draw(20, seed))
            Check(spec);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("layers of other heads and widths")]
    public void LayersThatAreComputedAgainGiveTheSame(string feature)
    {
        ModelSpec spec = Features.All[feature] with { Training = Dropping };
        TrainingGraph graph = Differentiator.Differentiate(GraphBuilder.BuildForTraining(spec)), again = Recomputation.OfLayers(graph);
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph.Forward, seed: 7);
        InterpreterInput input = TrainingInputs.Draw(spec, tokens: 7, seed: 1) with { DropoutSeed = 3 };
        NodeValues values = GraphInterpreter.Run(graph, parameters, input), valuesAgain = GraphInterpreter.Run(again, parameters, input);

        Assert.Empty(GraphVerifier.Verify(again));
        foreach (Node parameter in graph.Gradients.Keys)
            Assert.Equal(values[graph.Gradients[parameter]], valuesAgain[again.Gradients[parameter]]);
    }

    [Fact]
    public void AModelWithNeitherLogitsNorLabelsHasNoLoss() =>
        Assert.Throws<ArgumentException>(() => Differentiator.Differentiate(GraphBuilder.BuildForTraining(EncoderFeatures.Encoders["no heads on top"])));

    private static bool Learns(ModelSpec spec) => spec.Unembedding is not null || spec.Classifier is not null;

    private static void Check(ModelSpec spec, TrainingSpec? training = null)
    {
        spec = spec with { Training = training ?? Dropping };
        TrainingGraph graph = Differentiator.Differentiate(GraphBuilder.BuildForTraining(spec));
        Assert.Empty(GraphVerifier.Verify(graph));
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph.Forward, seed: 7);
        InterpreterInput input = TrainingInputs.Draw(spec, tokens: 7, seed: 1) with { DropoutSeed = 3, LabelSmoothing = 0.1, FirstRow = 4, FirstSourceRow = 2 };
        IReadOnlyList<string> faults = FiniteDifferences.Faults(graph, parameters, input, entries: 1);
        Assert.True(faults.Count == 0, $"{string.Join("\n", faults.Take(20))}\nin {SpecText.Of(spec)}");
    }
}
