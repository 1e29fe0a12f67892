using System.Runtime.InteropServices;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Models.Tests.Stories;

public class StoriesLogitsTests
{
    public static TheoryData<StoriesWeights, string> EveryRun => StoriesTextTests.EveryRun;

    [DataTheory("stories260K", "stories260K-hf")]
    [MemberData(nameof(EveryRun))]
    public void EveryStepEqualsRunC(StoriesWeights weights, string name)
    {
        var golden = StoriesGolden.Read(name);
        using var model = StoriesModel.Load(weights);
        using var session = model.NewSession();
        for (var position = 0; position < golden.PerStep.Length; position++)
            AssertStep(golden, position, session.Step(golden.PerStep[position].Input));
    }

    [DataTheory("stories260K", "stories260K-hf")]
    [MemberData(nameof(EveryRun))]
    public void OnePassOverAllTokensEqualsRunC(StoriesWeights weights, string name)
    {
        var golden = StoriesGolden.Read(name);
        using var model = StoriesModel.Load(weights);
        using var session = model.NewSession();
        var all = session.AllLogits(golden.Inputs);
        for (var position = 0; position < golden.PerStep.Length; position++)
            AssertStep(golden, position, all.AsSpan(position * model.Description.Vocabulary, model.Description.Vocabulary));
    }

    [DataTheory("stories260K", "stories260K-hf")]
    [InlineData(StoriesWeights.Llama2C)]
    [InlineData(StoriesWeights.HuggingFace)]
    [InlineData(StoriesWeights.Shipped)]
    public void FirstPositionsEqualTheFloat64Reference(StoriesWeights weights)
    {
        const int Positions = 32;
        var bytes = File.ReadAllBytes(TestData.Path("stories260K-hf", "g01_logits_first32_f64ref.f32"));
        var expected = MemoryMarshal.Cast<byte, float>(bytes);
        using var model = StoriesModel.Load(weights);
        using var session = model.NewSession();
        Assert.Equal(Positions * model.Description.Vocabulary, expected.Length);
        Logits.AssertClose(expected, session.AllLogits(StoriesGolden.Read("g01").Inputs[..Positions]), "g01");
    }

    private static void AssertStep(StoriesGolden golden, int position, ReadOnlySpan<float> logits)
    {
        var step = golden.PerStep[position];
        var where = $"\"{golden.Prompt}\", position {position}";
        Logits.AssertTop(step.Top, step.Logits, logits, where);
        Assert.Equal(step.LogSumExp, Logits.LogSumExp(logits), Logits.Tolerance);
        if (position >= golden.PromptTokens.Length - 1)
            Assert.Equal(step.Next, Logits.ArgMax(logits));
    }
}
