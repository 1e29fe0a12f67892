using Formwork.Compiler.Spec;
using Formwork.Libtorch.Tests.Families;
using Formwork.Libtorch.Tests.Families.Decoders;
using Formwork.Libtorch.Tests.Families.EncoderDecoders;
using Formwork.Libtorch.Tests.Families.Encoders;
using Formwork.Runtime.Models;
using Formwork.Training;
using Formwork.Training.Schedules;
using Xunit;

namespace Formwork.Libtorch.Tests.Training;

/// <summary>
/// From the same weights and batches a trainer has libtorch's losses, twenty steps long: gradients, clipping, AdamW and what of it decays,
/// schedules, label smoothing and accumulation together.
/// </summary>
public class TwentyStepsTests(TwentyStepsTests.Learners learners) : FamilyTest, IClassFixture<TwentyStepsTests.Learners>
{
    private const double Tolerance = 1e-4;
    private const double Peak = 3e-3, Final = 3e-4;
    private const int WarmUp = 5, Last = 20, VaswaniWidth = 32;

    [LibtorchFact]
    public void AGptLearnsAsInLibtorch() => Check(new TwentySteps(Gpt2Reference.Tiny(), Cosine, CosineRate) { Accumulation = 2 });

    [LibtorchFact]
    public void ALlamaLearnsAsInLibtorch() => Check(new TwentySteps(LlamaReference.Llama3(), Cosine, CosineRate));

    [LibtorchFact]
    public void AMaskedLanguageModelLearnsAsInLibtorch() => Check(new TwentySteps(BertReference.MaskedLanguageModel(), Linear, LinearRate));

    [LibtorchFact]
    public void ATranslatorLearnsAsInLibtorch() => Check(new TwentySteps(
        VaswaniReference.Paper(), InverseSquareRootSchedule.Noam(VaswaniWidth, WarmUp, 0.05),
        step => 0.05 * Math.Pow(VaswaniWidth, -0.5) * Math.Min(Math.Pow(step, -0.5), step * Math.Pow(WarmUp, -1.5))) { LabelSmoothing = 0.1 });

    private static LearningRateSchedule Cosine => new CosineSchedule(Peak, WarmUp, Last, Final);

    private static LearningRateSchedule Linear => new LinearSchedule(Peak, WarmUp, Last, Final);

    private static double CosineRate(int step) =>
        step < WarmUp ? Peak * step / WarmUp : Final + (Peak - Final) * 0.5 * (1 + Math.Cos(Math.PI * (step - WarmUp) / (Last - WarmUp)));

    private static double LinearRate(int step) => step < WarmUp ? Peak * step / WarmUp : Peak + (Final - Peak) * (step - WarmUp) / (Last - WarmUp);

    private void Check(TwentySteps steps)
    {
        (double Loss, double Norm)[] expected = steps.OfLibtorch();
        var found = new Steps();
        using (TransformerModel model = learners.Load<TransformerModel>(steps.Family.Name))
        using (var trainer = new Trainer(model, steps.Data, steps.Options, found))
            trainer.Run();

        Assert.Equal(expected.Length, found.Progress.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Agree(expected[i].Loss, found.Progress[i].Loss, $"the loss of step {i + 1}");
            Agree(expected[i].Norm, found.Progress[i].GradientNorm, $"the gradients' norm in step {i + 1}");
        }
        Assert.True(expected[^1].Loss < 0.9 * expected[0].Loss, $"a loss of {expected[0].Loss}, then {expected[^1].Loss}: too little is learned to tell optimizers apart");
        Assert.Contains(expected, step => step.Norm > steps.ClippedNorm);
    }

    private static void Agree(double expected, double found, string what) =>
        Assert.True(Math.Abs(found - expected) <= Tolerance * Math.Abs(expected), $"{what} is {found:G7} and in libtorch {expected:G7}");

    private sealed class Steps : ITrainingObserver
    {
        public List<TrainingProgress> Progress { get; } = [];

        public void Stepped(TrainingProgress progress) => Progress.Add(progress);
    }

    /// <summary>The four models, made and compiled once.</summary>
    public sealed class Learners() : ImportedFamilies(
        [Gpt2Reference.Tiny(), LlamaReference.Llama3(), BertReference.MaskedLanguageModel(), VaswaniReference.Paper()], new TrainingSpec());
}
