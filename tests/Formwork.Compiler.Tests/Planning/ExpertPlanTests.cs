using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Planning;

/// <summary>How mixtures of experts are computed, and what they take.</summary>
public class ExpertPlanTests
{
    [Fact]
    public void ALayerRoutesGathersMultipliesTwiceAndCombines()
    {
        PlanSection section = Plan(new ExpertsSpec(6, 2)).Sections.Single(section => section.Path == "layers.0.feed_forward");

        Assert.Equal(
            [typeof(NormKernel), typeof(LinearKernel), typeof(RouteKernel), typeof(GatherKernel), typeof(ExpertsLinearKernel), typeof(ExpertsLinearKernel), typeof(CombineKernel)],
            section.Steps.Select(step => step.Kernel.GetType()));
    }

    [Fact]
    public void OnlyTheChosenExpertsWork()
    {
        const long Router = 2 * 32, OfOne = 3 * 2 * 32 * 24;

        Assert.Equal(2 * 2 * OfOne, Plan(new ExpertsSpec(6, 3)).FlopsPerToken - Plan(new ExpertsSpec(6, 1)).FlopsPerToken);
        Assert.Equal(2 * 4 * Router, Plan(new ExpertsSpec(10, 2)).FlopsPerToken - Plan(new ExpertsSpec(6, 2)).FlopsPerToken);
    }

    /// <summary>An expert's block is 2 × 2 panels of 16 of 32 inputs: 24 outputs fill one and a half.</summary>
    [Fact]
    public void GateAndUpTakeTurnsWithinEachExpertsBlock()
    {
        PlannedWeight weight = Plan(new ExpertsSpec(6, 2)).Weights.Single(weight => weight.Path == "layers.1.feed_forward.experts.gate_up.weight");

        Assert.Equal(6 * 2 * 2 * 16 * 32, weight.Length);
        Assert.Equal([(2, 0), (2, 1)], weight.Slots.Select(slot => (slot.PanelStep, slot.PanelPhase)));
        Assert.All(weight.Slots, slot => Assert.Equal((6, 2L * 2 * 16 * 32, 24, 32), (slot.Experts, slot.ExpertStride, slot.Rows, slot.Columns)));
    }

    [Fact]
    public void TheSumGoesIntoTheResidualStreamUnlessSomethingComesBetween()
    {
        Assert.Equal(new CombineKernel(32, 2, 1, AddsResidual: true), Combine(Plan(new ExpertsSpec(6, 2))));
        Assert.Equal(new CombineKernel(32, 2, 0.5, AddsResidual: true), Combine(Plan(new ExpertsSpec(6, 2), layer => layer with { ResidualScale = 0.5 })));
        Assert.Equal(new CombineKernel(32, 2, 1, AddsResidual: false), Combine(Plan(new ExpertsSpec(6, 2), layer => layer with { Placement = NormPlacement.Output })));
        Assert.Equal(new CombineKernel(32, 2, 1, AddsResidual: false), Combine(Plan(new ExpertsSpec(6, 2) { SharedWidth = 8 })));
    }

    [Fact]
    public void GroupsAreForgottenWhereAllAreChosen() =>
        Assert.Equal(RouteKernel.Of(new ExpertsSpec(6, 2)), RouteKernel.Of(new ExpertsSpec(6, 2) { Groups = 3, ChosenGroups = 3, GroupScore = GroupScore.TwoLargest }));

    [Fact]
    public void SharedExpertsAndTheirGatesMakeLegalPlans() =>
        Assert.Empty(PlanVerifier.Verify(Plan(new ExpertsSpec(6, 2) { SharedWidth = 8, SharedGate = true, SelectionBias = true, RouterBias = true })));

    private static CombineKernel Combine(ModelPlan plan) => (CombineKernel)plan.Steps.Single(step => step.Path == "layers.0.feed_forward.experts").Kernel;

    private static ModelPlan Plan(ExpertsSpec experts, Func<LayerSpec, LayerSpec>? change = null) => Planner.Plan(GraphBuilder.Build(
        SmallSpecs.Llama().WithFeedForward(part => part with { Width = 24, Experts = experts }).WithLayers(change ?? (layer => layer))));
}
