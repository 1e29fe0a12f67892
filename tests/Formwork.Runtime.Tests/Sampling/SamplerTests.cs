using Formwork.Runtime.Sampling;
using Xunit;

namespace Formwork.Runtime.Tests.Sampling;

public class SamplerTests
{
    [Fact]
    public void GreedyTakesTheGreatestAndTheLowestIdOfEqualOnes()
    {
        var sampler = new Sampler(new() { Temperature = 0 });
        Assert.Equal(2, sampler.Sample([1, -5, 3, 2, 3], []));
        Assert.Equal(1, sampler.Sample([-7, -2, float.NegativeInfinity], []));
    }

    [Fact]
    public void PenaltiesActOnGreedyToo()
    {
        var sampler = new Sampler(new() { Temperature = 0, PresencePenalty = 1.5f });
        Assert.Equal(0, sampler.Sample([3, 2, 1], []));
        Assert.Equal(1, sampler.Sample([3, 2, 1], [0]));
        Assert.Equal(0, sampler.Sample([3, 2, 1], [0], promptLength: 1));
    }

    [Fact]
    public void PenaltiesEqualNumbersWorkedOutByHand()
    {
        // Token 0: only in the prompt. Token 1: in the prompt and twice after. Token 2: once after, negative. Token 3: never.
        int[] history = [0, 1, 1, 2, 1];
        float[] logits = [4, 6, -1, 1];
        var sampler = new Sampler(new() { RepetitionPenalty = 2, FrequencyPenalty = 0.5f, PresencePenalty = 0.25f });
        var probabilities = sampler.Candidates(logits, history, promptLength: 2).Probabilities;
        // 4/2; 6/2 − 2·0.5 − 0.25; −1·2 − 0.5 − 0.25; 1
        double[] penalised = [2, 1.75, -2.75, 1];
        var sum = penalised.Sum(Math.Exp);
        for (var token = 0; token < 4; token++)
            Assert.Equal(Math.Exp(penalised[token]) / sum, probabilities[token], 1e-6);
    }

    [Fact]
    public void PenaltiesLeaveNoTraceInTheNextCall()
    {
        var options = new SamplingOptions { RepetitionPenalty = 1.5f, FrequencyPenalty = 1, PresencePenalty = 1 };
        var used = new Sampler(options);
        used.Candidates([1, 2, 3], [0, 0, 2]);
        Assert.Equal(new Sampler(options).Candidates([1, 2, 3], [1]).Probabilities.ToArray(), used.Candidates([1, 2, 3], [1]).Probabilities.ToArray());
    }

    [Theory]
    [InlineData(RandomSource.Default)]
    [InlineData(RandomSource.Llama2C)]
    public void OneSeedGivesOneSequence(RandomSource random)
    {
        var options = new SamplingOptions { Random = random, Seed = 5, TopP = 0.95f };
        Assert.Equal(Draw(options, 100), Draw(options, 100));
        Assert.NotEqual(Draw(options, 100), Draw(options with { Seed = 6 }, 100));
        Assert.NotEqual(Draw(options with { Seed = null }, 100), Draw(options with { Seed = null }, 100));
    }

    [Fact]
    public void SequenceOfASeedNeverChanges() =>
        // Worked out in Python from the definitions of splitmix64, xoshiro256** and softmax.
        Assert.Equal([0, 1, 5, 5, 5, 5, 5, 5, 5, 3, 5, 1, 5, 1, 5, 5, 3, 5, 5, 5], Draw(new() { Seed = 42 }, 20));

    [Theory]
    [InlineData(RandomSource.Default)]
    [InlineData(RandomSource.Llama2C)]
    public void TokensComeAsOftenAsTheirProbabilitiesSay(RandomSource random)
    {
        const int Draws = 20_000;
        float[] probabilities = [0.5f, 0.2f, 0, 0.25f, 0.05f];
        var sampler = new Sampler(new() { Random = random, Seed = 1 });
        var counts = new int[probabilities.Length];
        for (var i = 0; i < Draws; i++)
            counts[sampler.Sample([.. probabilities.Select(probability => MathF.Log(probability))], [])]++;
        for (var token = 0; token < probabilities.Length; token++)
        {
            // Five standard deviations of a binomial count; the seed is fixed, so this holds or fails for ever.
            var tolerance = 5 * Math.Sqrt(Draws * probabilities[token] * (1 - probabilities[token]));
            Assert.InRange(counts[token], Draws * probabilities[token] - tolerance, Draws * probabilities[token] + tolerance);
        }
    }

    public static TheoryData<SamplingOptions> AllKinds => new()
    {
        new SamplingOptions { Temperature = 0 },
        new SamplingOptions(),
        new SamplingOptions { TopK = 10, MinP = 0.01f },
        new SamplingOptions { TopP = 0.9f, RepetitionPenalty = 1.1f, FrequencyPenalty = 0.1f, PresencePenalty = 0.1f },
        new SamplingOptions { Random = RandomSource.Llama2C, TopP = 0.9f },
    };

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void AllocatesNothingOnceWarm(SamplingOptions options)
    {
        var sampler = new Sampler(options);
        var logits = new float[500];
        int[] history = [1, 2, 3, 2];
        sampler.Sample(logits, history);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            sampler.Sample(logits, history);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void LogitsThatAreNoNumbersAreRefused(SamplingOptions options)
    {
        var sampler = new Sampler(options);
        Assert.Contains("logits: token 1: found NaN", Assert.Throws<InvalidInputException>(() => sampler.Sample([1, float.NaN], [])).Message);
        Assert.Contains("logits: token 0: found +∞", Assert.Throws<InvalidInputException>(() => sampler.Sample([float.PositiveInfinity, 1], [])).Message);
        Assert.Contains("logits: found −∞ everywhere", Assert.Throws<InvalidInputException>(() => sampler.Sample([float.NegativeInfinity, float.NegativeInfinity], [])).Message);
        Assert.Contains("logits: found none", Assert.Throws<InvalidInputException>(() => sampler.Sample([], [])).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void HistoryOutsideTheVocabularyIsRefused(int token)
    {
        var sampler = new Sampler(new() { PresencePenalty = 1 });
        var error = Assert.Throws<InvalidInputException>(() => sampler.Sample([1, 2], [0, token]));
        Assert.Contains($"history: token 1: found id {token}; expected an id from 0 to 1", error.Message);
    }

    private static int[] Draw(SamplingOptions options, int count)
    {
        var sampler = new Sampler(options);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Sample([1, 2, 0, 1.5f, -1, 2.2f], []))];
    }
}
