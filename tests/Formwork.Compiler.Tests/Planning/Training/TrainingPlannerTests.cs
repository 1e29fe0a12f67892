using CsCheck;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Planning.Training;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Planning.Training;

/// <summary>What becomes of a graph with derivatives.</summary>
public sealed class TrainingPlannerTests
{
    private static TrainingPlan Plan(ModelSpec spec, TrainingSpec? training = null)
    {
        ModelSpec learning = spec with { Training = training ?? spec.Training ?? new TrainingSpec() };
        return ModelCompiler.PlanTraining(ModelCompiler.TrainingGraph(learning), ModelCompiler.Plan(ModelCompiler.Graph(learning)));
    }

    private static IEnumerable<TrainingStep> Of<TKernel>(TrainingPlan plan) where TKernel : Kernel => plan.Steps.Where(step => step.Kernel is TKernel);

    [Fact]
    public void ProductsOverOneInputAreOneForwardAndBackward()
    {
        TrainingPlan plan = Plan(SmallSpecs.Gpt2());

        // Query, key and value; output; up; down; and the logits.
        Assert.Equal((2 * 4) + 1, Of<LinearKernel>(plan).Count());
        Assert.Equal((2 * 4) + 1, Of<WeightGradientKernel>(plan).Count());
        Assert.Equal((2 * 4) + 1, Of<InputGradientKernel>(plan).Count());
    }

    [Fact]
    public void ANormOfWhatIsNotLearnedLearnsItself()
    {
        ModelSpec encoder = SmallSpecs.Gpt2().WithPositions(PositionKind.Sinusoidal).AsEncoder();
        TrainingPlan plan = Plan(encoder with { Encoder = encoder.Encoder! with { TakesVectors = true }, Classifier = new ClassifierSpec(3, Bias: true) });

        // Two of each layer, the first of them over given vectors and fixed positions; and the last one.
        Assert.Equal((2 * 2) + 1, Of<NormGradientKernel>(plan).Count());
    }

    [Fact]
    public void WhatFlowsBackToAttentionLiesAsItsProjectionsDo()
    {
        TrainingPlan plan = Plan(SmallSpecs.Gpt2());

        Assert.DoesNotContain(plan.Steps, step => step.Kernel.Name.StartsWith("Copy", StringComparison.Ordinal));
        Assert.All(Of<AttentionGradientKernel>(plan), step => Assert.Equal([0, 32, 64], step.Arguments.Skip(6).Take(3).Select(argument => argument.Column)));
    }

    [Fact]
    public void AnActivationWhoseDerivativeIsMadeOfItsResultIsTheProducts()
    {
        TrainingPlan plan = Plan(SmallSpecs.Translator());

        Assert.Equal(4, Of<LinearKernel>(plan).Count(step => step.Kernel is LinearKernel { Activation: Activation.Relu }));
    }

    [Fact]
    public void AGateIsNotKeptBesidesItsProduct()
    {
        TrainingPlan plan = Plan(SmallSpecs.Llama());

        Assert.DoesNotContain(plan.Steps, step => step.Kernel.Name.StartsWith("Silu", StringComparison.Ordinal) && step.Phase == TrainingPhase.Forward);
        Assert.Contains(plan.Steps, step => step.Kernel is ElementwiseKernel { Expression: "VectorMath.Silu(x0) * x1" });
    }

    [Fact]
    public void TheHeadHasRowsOfItsOwn()
    {
        TrainingPlan plan = Plan(SmallSpecs.Bert());

        Assert.All(plan.Buffers.Where(buffer => buffer.Place.Width == plan.Graph.Logits.Shape.Width), buffer => Assert.Equal(TrainingMemory.Head, buffer.Memory));
        Assert.True(plan.HeadRows >= 256);
    }

    [Fact]
    public void LayersThatAreComputedAgainKeepLess()
    {
        TrainingPlan kept = Plan(SmallSpecs.Gpt2(layers: 8)), again = Plan(SmallSpecs.Gpt2(layers: 8), new TrainingSpec { Recompute = Recompute.Layers });

        Assert.True(again.RowFloats * 2 < kept.RowFloats, $"{again.RowFloats} against {kept.RowFloats}");
    }

    [Fact]
    public void ClassifiersLearnFromLabels()
    {
        ModelSpec spec = SmallSpecs.Bert() with { Unembedding = null, Classifier = new ClassifierSpec(3, Bias: true) };

        Assert.Equal(Dimension.Sequences, Plan(spec).Graph.Logits.Shape.Dimensions[0]);
    }

    /// <summary>Rows of experts, what goes into them and what comes out are all made again of what their first products gave.</summary>
    [Fact]
    public void OfExpertsTheFirstProductIsKept()
    {
        TrainingPlan plan = Plan(Mixed);
        int loss = plan.Steps.ToList().FindIndex(step => step.Phase == TrainingPhase.Head);

        string[] kept = [.. plan.Buffers.Where(buffer => buffer.Place.FirstStep < loss && buffer.Place.LastStep > loss && buffer.Memory == TrainingMemory.Target).Select(buffer => buffer.Name).Distinct()];
        Assert.Contains("gateUp", kept);
        Assert.Contains("routes", kept);
        Assert.DoesNotContain(kept, name => name is "gathered" or "starts" or "expertHidden" or "expertOutput");
        Assert.Equal(4, Of<ExpertsLinearKernel>(plan).Count());
    }

    /// <summary>Computed again, the first product is too, and nothing of experts is kept; the second is not, which nothing flows through again.</summary>
    [Fact]
    public void ExpertsThatAreComputedAgainProjectAgain()
    {
        TrainingPlan plan = Plan(Mixed, new TrainingSpec { Recompute = Recompute.Layers });
        int loss = plan.Steps.ToList().FindIndex(step => step.Phase == TrainingPhase.Head);

        Assert.Equal(6, Of<ExpertsLinearKernel>(plan).Count());
        Assert.DoesNotContain(plan.Buffers, buffer => buffer.Place.FirstStep < loss && buffer.Place.LastStep > loss && buffer.Name is "gateUp" or "routes");
    }

    private static ModelSpec Mixed => SmallSpecs.Llama().WithFeedForward(part => part with { Experts = new ExpertsSpec(6, 2) });

    [Fact]
    public void WhatDecodersCanSayCanBePlanned() => RandomSpecs.Decoder
        .Sample(
            spec => Plan(spec, new TrainingSpec { ResidualDropout = 0.1, ActivationDropout = 0.2, AttentionDropout = 0.1, Recompute = spec.Vocabulary % 2 == 0 ? Recompute.Layers : Recompute.None }).Steps.Count > 0,
            iter: 60, print: SpecPrinter.Print);
}
