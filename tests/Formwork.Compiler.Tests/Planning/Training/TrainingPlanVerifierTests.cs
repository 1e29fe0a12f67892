using Formwork.Compiler.Planning.Training;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Planning.Training;

/// <summary>Each rule of the verifier, with a plan that breaks it.</summary>
public sealed class TrainingPlanVerifierTests
{
    private readonly TrainingPlan _sound;

    public TrainingPlanVerifierTests()
    {
        ModelSpec spec = SmallSpecs.Gpt2() with { Training = new TrainingSpec() };
        _sound = ModelCompiler.PlanTraining(ModelCompiler.TrainingGraph(spec), ModelCompiler.Plan(ModelCompiler.Graph(spec)));
    }

    [Fact]
    public void ASoundPlanHasNoFaults() => Assert.Empty(TrainingPlanVerifier.Verify(_sound));

    [Fact]
    public void TwoLivingBuffersInOnePlaceAreFound()
    {
        TrainingBuffer[] buffers = _sound.Buffers.ToArray();
        buffers[1] = buffers[1] with { Place = buffers[1].Place with { Offset = buffers[0].Place.Offset } };

        Assert.Contains(TrainingPlanVerifier.Verify(_sound with { Buffers = buffers }), fault => fault.Contains("a place of its own", StringComparison.Ordinal));
    }

    [Fact]
    public void ABufferThatIsReadAfterItsLifeIsFound()
    {
        TrainingStep[] steps = [.. _sound.Steps, _sound.Steps[^1] with { Arguments = [new TrainingArgument(_sound.Buffers[0] with { Place = _sound.Buffers[0].Place with { LastStep = 1 } }, 0, "")] }];

        Assert.Contains(TrainingPlanVerifier.Verify(_sound with { Steps = steps }), fault => fault.Contains("alive in", StringComparison.Ordinal));
    }

    [Fact]
    public void PhasesOutOfOrderAreFound() =>
        Assert.Contains(TrainingPlanVerifier.Verify(_sound with { Steps = _sound.Steps.Reverse().ToArray() }), fault => fault.Contains("phases in order", StringComparison.Ordinal));
}
