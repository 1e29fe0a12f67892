using Formwork.Compiler.Layouts;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Planning;

/// <summary>What is fused, and what memory the plan takes.</summary>
public class PlannerTests
{
    [Fact]
    public void QueryKeyAndValueAreOneProduct()
    {
        ModelPlan plan = Plan(SmallSpecs.Llama());

        PlanStep step = Step(plan, "layers.0.attention.query, .key, .value");
        Assert.Equal(new LinearKernel(32, 32 + 16 + 16, Bias: false, null, Gated: false, AddsResidual: false), step.Kernel);
        PlannedWeight weight = Assert.Single(step.Weights);
        Assert.Equal([0, 32, 48], weight.Slots.Select(slot => slot.PackedRow));
    }

    [Fact]
    public void GateAndUpAreOneProductWithTheActivationInIt()
    {
        PlanStep step = Step(Plan(SmallSpecs.Llama()), "layers.1.feed_forward.gate, .up, .hidden");

        Assert.Equal(new LinearKernel(32, 85, Bias: false, Activation.Silu, Gated: true, AddsResidual: false), step.Kernel);
        Assert.Equal([(2, 0), (2, 1)], step.Weights.Single().Slots.Select(slot => (slot.PanelStep, slot.PanelPhase)));
    }

    [Fact]
    public void BiasActivationAndResidualGoIntoTheProducts()
    {
        ModelPlan plan = Plan(SmallSpecs.Gpt2());

        Assert.Equal(new LinearKernel(32, 128, Bias: true, Activation.GeluTanh, Gated: false, AddsResidual: false), Step(plan, "layers.0.feed_forward.up, .hidden").Kernel);
        Assert.Equal(new LinearKernel(128, 32, Bias: true, null, Gated: false, AddsResidual: true), Step(plan, "layers.0.feed_forward.down").Kernel);
    }

    [Fact]
    public void ANormOnAPartsOutputAddsTheResidual()
    {
        ModelPlan plan = Plan(SmallSpecs.Llama().WithLayers(layer => layer with { Placement = NormPlacement.Both }));

        Assert.True(((NormKernel)Step(plan, "layers.0.attention.output_norm").Kernel).AddsResidual);
        Assert.False(((LinearKernel)Step(plan, "layers.0.attention.output").Kernel).AddsResidual);
    }

    [Fact]
    public void ATiedTableIsPackedOnce()
    {
        ModelPlan plan = Plan(SmallSpecs.Gpt2());

        Assert.Single(plan.Weights, weight => weight.Path == "embedding.token");
        Assert.DoesNotContain(plan.Weights, weight => weight.Path.StartsWith("unembedding", StringComparison.Ordinal));
        Assert.True(((EmbeddingKernel)Step(plan, "residual_stream").Kernel).Panels);
    }

    [Fact]
    public void EqualLayersShareKernelsAndBuffers()
    {
        ModelPlan two = Plan(SmallSpecs.Gpt2(layers: 2)), twelve = Plan(SmallSpecs.Gpt2(layers: 12));

        Assert.Equal(two.Kernels, twelve.Kernels);
        Assert.Equal(two.ActivationFloats, twelve.ActivationFloats);
        Assert.Equal(6 * two.CacheFloats, twelve.CacheFloats);
    }

    [Fact]
    public void BuffersAreReusedWhenTheirValuesAreDead()
    {
        ModelPlan plan = Plan(SmallSpecs.Gpt2());

        // The residual stream, its norm and the widest part (four times the width) are all that live at once.
        Assert.Equal(32 + 32 + 128, plan.ActivationFloats);
    }

    [Fact]
    public void OnlyWantedRowsReachTheUnembedding()
    {
        ModelPlan plan = Plan(SmallSpecs.Gpt2());

        Assert.Equal(["logits.rows", "final_norm", "logits"], plan.Steps.Where(step => step.Rows == StepRows.Outputs).Select(step => step.Path));
    }

    [Fact]
    public void FlopsAreTwiceTheMultipliedParameters()
    {
        ModelPlan plan = Plan(SmallSpecs.Llama());

        long multiplied = plan.Graph.Parameters.Where(parameter => parameter.Shape.Rank == 2 && parameter.Name != "embedding.token").Sum(parameter => parameter.Shape.Elements);
        Assert.Equal(2 * multiplied, plan.FlopsPerToken);
    }

    [Fact]
    public void AnInterleavedSpecOnAHalfPairedLayoutPermutesQueriesAndKeys()
    {
        ModelSpec spec = SmallSpecs.Llama().WithLayers(layer => layer with
        {
            Attention = layer.Attention with { Rotary = layer.Attention.Rotary! with { Pairing = RotaryPairing.Interleaved } },
        });
        spec = spec with { Weights = KnownLayouts.Find("llama")! };

        PlannedSlot[] slots = Step(Plan(spec), "layers.0.attention.query, .key, .value").Weights.Single().Slots.ToArray();

        Assert.Equal([(8, true), (8, true), (0, false)], slots.Select(slot => (slot.PermutedHeadWidth, slot.PermutedToInterleaved)));
    }

    [Fact]
    public void ParametersThatTheLayoutLacksAreNamed()
    {
        ModelSpec spec = SmallSpecs.Llama();
        var entries = spec.Weights.Entries.Where(entry => entry.Parameter != "layers.attention.key.weight");
        spec = spec with { Weights = spec.Weights with { Entries = entries.ToEquatableArray() } };

        Assert.Equal(["layers.attention.key.weight"], Planner.ParametersWithoutTensor(ModelCompiler.Graph(spec)));
        Assert.Contains(ModelCompiler.Compile(spec).Findings, finding => finding.Message.Contains("layers.attention.key.weight", StringComparison.Ordinal));
    }

    private static ModelPlan Plan(ModelSpec spec)
    {
        ModelPlan plan = Planner.Plan(ModelCompiler.Graph(spec));
        Assert.Empty(PlanVerifier.Verify(plan));
        return plan;
    }

    private static PlanStep Step(ModelPlan plan, string path) => Assert.Single(plan.Steps, step => step.Path == path);
}
