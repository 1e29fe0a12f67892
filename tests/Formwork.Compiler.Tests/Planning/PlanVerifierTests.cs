using Formwork.Compiler.Planning;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Planning;

/// <summary>Each rule of the verifier, with a plan that breaks it.</summary>
public class PlanVerifierTests
{
    private readonly ModelPlan _sound = ModelCompiler.Plan(ModelCompiler.Graph(SmallSpecs.Gpt2()));

    private PlannedPass Pass => _sound.Passes[0];

    private ModelPlan With(PlannedPass pass) => _sound with { Passes = [pass] };

    [Fact]
    public void ASoundPlanHasNoFaults() => Assert.Empty(PlanVerifier.Verify(_sound));

    [Fact]
    public void TwoLivingBuffersInOnePlaceAreFound()
    {
        PlannedBuffer[] buffers = Pass.Buffers.ToArray();
        buffers[1] = buffers[1] with { Offset = buffers[0].Offset };

        Assert.Contains(PlanVerifier.Verify(With(Pass with { Buffers = buffers })), fault => fault.Contains("a place of its own", StringComparison.Ordinal));
    }

    [Fact]
    public void ABufferOutsideTheArenaIsFound() =>
        Assert.Contains(PlanVerifier.Verify(With(Pass with { ActivationFloats = 32 })), fault => fault.Contains("within 32", StringComparison.Ordinal));

    [Fact]
    public void OverlappingWeightsAreFound()
    {
        PlannedWeight[] weights = _sound.Weights.ToArray();
        weights[2] = weights[2] with { Offset = weights[1].Offset };

        Assert.Contains(PlanVerifier.Verify(_sound with { Weights = weights }), fault => fault.StartsWith($"weight {weights[2].Path}", StringComparison.Ordinal));
    }

    [Fact]
    public void AStepOnADeadBufferIsFound()
    {
        PlanSection[] sections = Pass.Sections.ToArray();
        PlanStep first = sections[0].Steps[0];
        PlannedBuffer later = Pass.Buffers.First(buffer => buffer.FirstStep > 3);
        sections[0] = sections[0] with { Steps = [first with { Output = later }] };

        Assert.Contains(PlanVerifier.Verify(With(Pass with { Sections = sections })), fault => fault.Contains($"expected {later.Name} alive", StringComparison.Ordinal));
    }

    [Fact]
    public void TwoBuffersOfOneNameInASectionAreFound()
    {
        PlannedBuffer[] buffers = Pass.Buffers.ToArray();
        PlannedBuffer other = buffers.First(buffer => buffer.Name == "normed");
        PlanSection[] sections = Pass.Sections.ToArray();
        PlanStep[] steps = sections[1].Steps.ToArray();
        steps[1] = steps[1] with { Output = steps[1].Output! with { Name = other.Name } };
        sections[1] = sections[1] with { Steps = steps };

        Assert.Contains(PlanVerifier.Verify(With(Pass with { Sections = sections })), fault => fault.Contains("expected one buffer named normed", StringComparison.Ordinal));
    }

    [Fact]
    public void AParameterWithoutAPlaceIsFound()
    {
        PlannedWeight[] weights = _sound.Weights.Where(weight => weight.Path != "layers.1.feed_forward.down.bias").ToArray();

        Assert.Contains(
            "parameter layers.1.feed_forward.down.bias: expected a place among the weights, found none", PlanVerifier.Verify(_sound with { Weights = weights }));
    }
}
