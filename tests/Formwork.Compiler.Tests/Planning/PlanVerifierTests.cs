using Formwork.Compiler.Planning;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Planning;

/// <summary>Each rule of the verifier, with a plan that breaks it.</summary>
public class PlanVerifierTests
{
    private readonly ModelPlan _sound = ModelCompiler.Plan(ModelCompiler.Graph(SmallSpecs.Gpt2()));

    [Fact]
    public void ASoundPlanHasNoFaults() => Assert.Empty(PlanVerifier.Verify(_sound));

    [Fact]
    public void TwoLivingBuffersInOnePlaceAreFound()
    {
        PlannedBuffer[] buffers = _sound.Buffers.ToArray();
        buffers[1] = buffers[1] with { Offset = buffers[0].Offset };

        Assert.Contains(PlanVerifier.Verify(_sound with { Buffers = buffers }), fault => fault.Contains("a place of its own", StringComparison.Ordinal));
    }

    [Fact]
    public void ABufferOutsideTheArenaIsFound() =>
        Assert.Contains(PlanVerifier.Verify(_sound with { ActivationFloats = 32 }), fault => fault.Contains("within 32", StringComparison.Ordinal));

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
        PlanSection[] sections = _sound.Sections.ToArray();
        PlanStep first = sections[0].Steps[0];
        PlannedBuffer later = _sound.Buffers.First(buffer => buffer.FirstStep > 3);
        sections[0] = sections[0] with { Steps = [first with { Output = later }] };

        Assert.Contains(PlanVerifier.Verify(_sound with { Sections = sections }), fault => fault.Contains($"expected {later.Name} alive", StringComparison.Ordinal));
    }

    [Fact]
    public void AParameterWithoutAPlaceIsFound()
    {
        PlannedWeight[] weights = _sound.Weights.Where(weight => weight.Path != "layers.1.feed_forward.down.bias").ToArray();

        Assert.Contains(
            "parameter layers.1.feed_forward.down.bias: expected a place among the weights, found none", PlanVerifier.Verify(_sound with { Weights = weights }));
    }
}
