using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.TestSupport.Specs;
using Xunit;
using Xunit.Sdk;

namespace Formwork.Models.Tests.Emitted;

/// <summary>Emitted mixtures of experts compute what the interpreter says.</summary>
public class ExpertTests(ExpertModels models) : IClassFixture<ExpertModels>
{
    // Scores are below 2, so sums of some hundred products in single precision leave an error of less than 1e-6.
    private const double Rounding = 5e-6;

    [Theory]
    [MemberData(nameof(Names))]
    public void MixturesAgree(string feature) => Agreement.Check(models[feature]);

    /// <summary>The tests of agreement stand on this: a choice within rounding could go either way.</summary>
    [Fact]
    public void NoChoiceIsWithinRounding()
    {
        IEnumerable<string> close = ExpertFeatures.All.Keys.Select(feature => (Feature: feature, Margin: Margin(models[feature])))
            .Where(found => found.Margin < Rounding).Select(found => $"{found.Feature}: {found.Margin:G3}");
        Assert.Equal([], close);

        static double Margin(EmittedModel emitted) => Enumerable.Range(0, 10).Min(seed => RouteMargin.Smallest(emitted, emitted.Tokens(emitted.Context, seed)));
    }

    /// <summary>A sequence's logits are the same to the bit alone and among others, whose rows then lie between its own at an expert.</summary>
    [Theory]
    [InlineData("by softmax")]
    [InlineData("bounded, with biases")]
    [InlineData("28 of width 7")]
    public void WhatElseIsInTheBatchChangesNothing(string feature)
    {
        EmittedModel emitted = models[feature];
        int[][] sequences = [emitted.Tokens(7, seed: 3), emitted.Tokens(1, seed: 4), emitted.Tokens(11, seed: 5)];
        using DecoderModel model = emitted.Load();
        DecoderSession[] together = sequences.Select(_ => model.NewSession()).ToArray();
        model.PrefillBatch(together, sequences);
        Same();
        model.StepBatch(together, [1, 2, 3]);
        sequences = sequences.Select((sequence, index) => sequence.Append(index + 1).ToArray()).ToArray();
        Same();
        foreach (DecoderSession session in together)
            session.Dispose();

        void Same()
        {
            foreach ((int[] sequence, DecoderSession session) in sequences.Zip(together))
            {
                using DecoderSession alone = model.NewSession();
                Assert.Equal(alone.Prefill(sequence).ToArray(), session.Logits.ToArray());
            }
        }
    }

    /// <summary>What emitted code could get wrong by little is more than the tolerance hides.</summary>
    [Fact]
    public void SmallDifferencesAreFound()
    {
        Disagree("by softmax", experts => experts with { Renormalize = false });
        Disagree("by softmax", experts => experts with { Chosen = 3 });
        Disagree("by softmax", experts => experts with { Score = RouterScore.Sigmoid });
        Disagree("by sigmoid, not renormalized, with a selection bias", experts => experts with { Scale = 1.01 });
        Disagree("by softmax in the best groups", experts => experts with { GroupScore = GroupScore.TwoLargest });
        Disagree("by sigmoid in the best groups by two, with a selection bias", experts => experts with { GroupScore = GroupScore.Largest });

        void Disagree(string feature, Func<ExpertsSpec, ExpertsSpec> change)
        {
            using EmittedModel changed = models[feature].Against(spec => spec.WithFeedForward(part => part with { Experts = change(part.Experts!) }));
            Assert.Throws<TrueException>(() => Agreement.FullPassesAgree(changed));
        }
    }

    public static TheoryData<string> Names() => [.. ExpertFeatures.All.Keys];
}
