using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Models.Tests.Transformers;

/// <summary>A compiled encoder-decoder model's sessions, beams and cross-attention.</summary>
public class TranslatorTests
{
    private static readonly int[][] Sources = [.. new[] { 1, 12, 64, 65, 150 }.Select((length, index) => SmallTransformers.Tokens(length, index))];

    private static readonly int[] Target = [60, .. SmallTransformers.Tokens(129, 9)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void StepsOverASourceEqualOneFullPass(int threads)
    {
        using var model = SmallTransformers.LoadTranslator(threads);
        foreach (var memory in model.Encode(Sources))
        {
            using var whole = model.NewSession(memory);
            using var stepped = model.NewSession(memory);
            memory.Dispose();
            var all = whole.AllLogits(Target);
            for (var position = 0; position < Target.Length; position++)
                Logits.AssertClose(all.AsSpan(position * 61, 61), stepped.Step(Target[position]), $"position {position}", tolerance: 2e-5f);
        }
    }

    [Theory]
    [InlineData(1, 512)]
    [InlineData(2, 160)]
    public void SourcesEncodedTogetherAreReadAsAlone(int threads, int maxPassTokens)
    {
        using var alone = SmallTransformers.LoadTranslator();
        using var model = SmallTransformers.LoadTranslator(threads, maxPassTokens);
        var memories = model.Encode(Sources);
        var sessions = memories.Select(model.NewSession).ToArray();
        model.PrefillBatch(sessions, [.. Sources.Select(_ => Target)]);
        for (var index = 0; index < Sources.Length; index++)
        {
            using var memory = alone.Encode(Sources[index]);
            using var session = alone.NewSession(memory);
            Logits.AssertClose(session.Prefill(Target), sessions[index].Logits, $"source {index}", tolerance: 2e-5f);
            Assert.Equal(alone.EncodeStates(Sources[index]), model.EncodeStates(Sources[index]));
        }
        Array.ForEach(sessions, session => session.Dispose());
        Array.ForEach(memories, memory => memory.Dispose());
    }

    [Fact]
    public void ScoreIsTheSumOfTheLogProbabilitiesOfTheTargetInOnePass()
    {
        using var model = SmallTransformers.LoadTranslator();
        var found = model.Search(Sources, new BeamSearchOptions { Beams = 4, Best = 4, LengthPenalty = 0.6f, MaxTokens = 70 });
        for (var index = 0; index < Sources.Length; index++)
        {
            foreach (var text in found[index])
                Assert.Equal(LogProbability(model, Sources[index], text), text.LogProbability, 2e-3);
        }
    }

    [Fact]
    public void SourcesSearchedTogetherAreFoundAsAloneToTheBit()
    {
        using var model = SmallTransformers.LoadTranslator();
        var options = new BeamSearchOptions { Beams = 4, Best = 4, LengthPenalty = 0.6f, MaxTokens = 70 };
        var together = model.Search(Sources, options);
        for (var index = 0; index < Sources.Length; index++)
        {
            var alone = model.Search([Sources[index]], options)[0];
            Assert.Equal(alone.Select(text => (string.Join(' ', text.Tokens), text.LogProbability)), together[index].Select(text => (string.Join(' ', text.Tokens), text.LogProbability)));
        }
    }

    [Fact]
    public void MoreBeamsFindABetterText()
    {
        using var model = SmallTransformers.LoadTranslator();
        double Best(int beams) => model.Search(Sources, new BeamSearchOptions { Beams = beams, MaxTokens = 20 }).Sum(found => found[0].Score);
        Assert.True(Best(12) > Best(1));
    }

    [Fact]
    public void CrossAttentionIsAProbabilityOverTheSource()
    {
        using var model = SmallTransformers.LoadTranslator(maxPassTokens: 150);
        foreach (var source in Sources)
        {
            var weights = model.CrossAttention(source, Target);
            Assert.Equal(2 * 4 * Target.Length * source.Length, weights.Length);
            for (var row = 0; row < weights.Length; row += source.Length)
            {
                Assert.Equal(1, weights.AsSpan(row, source.Length).ToArray().Sum(), 1e-4f);
                Assert.True(weights.AsSpan(row, source.Length).ToArray().All(weight => weight >= 0));
            }
        }
        // The first token's weights do not depend on what follows.
        var all = model.CrossAttention(Sources[1], Target);
        Assert.Equal(model.CrossAttention(Sources[1], [60]), Enumerable.Range(0, 8).SelectMany(map => all[(map * Target.Length * 12)..][..12]));
    }

    private static double LogProbability(EncoderDecoderModel model, int[] source, Hypothesis text)
    {
        using var memory = model.Encode(source);
        using var session = model.NewSession(memory);
        int[] chosen = text.FinishReason == FinishReason.EndToken ? [.. text.Tokens, 0] : [.. text.Tokens];
        int[] read = [60, .. chosen.SkipLast(1)];
        var all = session.AllLogits(read);
        var sum = 0.0;
        for (var position = 0; position < read.Length; position++)
        {
            var row = all.AsSpan(position * 61, 61).ToArray();
            sum += row[chosen[position]] - Math.Log(row.Sum(logit => Math.Exp(logit)));
        }
        return sum;
    }
}
