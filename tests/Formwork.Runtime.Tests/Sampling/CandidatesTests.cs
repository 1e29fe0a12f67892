using CsCheck;
using Formwork.Runtime.Sampling;
using Xunit;

namespace Formwork.Runtime.Tests.Sampling;

public class CandidatesTests
{
    public static TheoryData<SamplingOptions> Filters => new()
    {
        new SamplingOptions(),
        new SamplingOptions { Temperature = 0.7f },
        new SamplingOptions { Temperature = 3 },
        new SamplingOptions { TopK = 1 },
        new SamplingOptions { TopK = 5 },
        new SamplingOptions { TopK = 1_000_000 },
        new SamplingOptions { TopP = 0.9f },
        new SamplingOptions { TopP = 0.01f },
        new SamplingOptions { TopP = 0.5f, Temperature = 2 },
        new SamplingOptions { MinP = 0.05f },
        new SamplingOptions { MinP = 0.5f, Temperature = 1.5f },
        new SamplingOptions { TopK = 20, TopP = 0.8f, MinP = 0.02f, Temperature = 1.3f },
        new SamplingOptions { RepetitionPenalty = 1.3f },
        new SamplingOptions { FrequencyPenalty = 0.4f, PresencePenalty = 0.3f },
        new SamplingOptions { RepetitionPenalty = 1.2f, FrequencyPenalty = -0.2f, PresencePenalty = 0.7f, TopK = 30, TopP = 0.95f },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void ProbabilitiesEqualTheDefinition(SamplingOptions options)
    {
        var vocabulary = Gen.Int[1, 300];
        var history = Gen.Int[0, 299].Array[0, 40];
        Gen.Select(vocabulary, history, Gen.Int[0, 40], Gen.Int).Sample((size, tokens, prompt, seed) =>
        {
            var logits = Logits(size, seed);
            tokens = [.. tokens.Select(token => token % size)];
            prompt = Math.Min(prompt, tokens.Length);
            var expected = DefinitionOfSampling.Probabilities(options, logits, tokens, prompt);
            var actual = Spread(new Sampler(options).Candidates(logits.ToArray(), tokens, prompt), size);
            for (var token = 0; token < size; token++)
                Assert.Equal(expected[token], actual[token], 1e-5);
        }, iter: 100, threads: 1, seed: "0000KeR3IJL3");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(199)]
    [InlineData(200)]
    public void TopKLeavesExactlyKTheLowestIdsFirstAmongEqualOnes(int k)
    {
        var logits = Enumerable.Range(0, 200).Select(token => (float)(token / 10 % 4)).ToArray();
        var candidates = new Sampler(new() { TopK = k, TopP = 0.99999f }).Candidates(logits.ToArray(), []);
        var expected = Enumerable.Range(0, 200).OrderByDescending(token => logits[token]).ThenBy(token => token).Take(k);
        Assert.Equal(expected, candidates.Tokens.ToArray());
    }

    [Fact]
    public void TopPKeepsTheTokenThatCrossesIt()
    {
        var logits = Log(0.5f, 0.25f, 0.15f, 0.1f);
        Assert.Equal([0], Tokens(new() { TopP = 0.49f }, logits));
        Assert.Equal([0, 1], Tokens(new() { TopP = 0.51f }, logits));
        Assert.Equal([0, 1], Tokens(new() { TopP = 0.74f }, logits));
        Assert.Equal([0, 1, 2], Tokens(new() { TopP = 0.76f }, logits));
        Assert.Equal([0, 1, 2, 3], Tokens(new() { TopP = 0.95f }, logits));
    }

    [Fact]
    public void TopPCountsTheProbabilitiesThatTopKLeft()
    {
        // Of 0.5 and 0.25 alone the first has two thirds.
        var logits = Log(0.5f, 0.25f, 0.15f, 0.1f);
        Assert.Equal([0], Tokens(new() { TopK = 2, TopP = 0.66f }, logits));
        Assert.Equal([0, 1], Tokens(new() { TopK = 2, TopP = 0.67f }, logits));
    }

    [Fact]
    public void MinPKeepsTokensAtLeastThatFractionOfTheGreatest()
    {
        var logits = Log(0.1f, 0.5f, 0.25f, 0.15f);
        Assert.Equal([1], Tokens(new() { MinP = 1 }, logits));
        Assert.Equal([1, 2], Tokens(new() { MinP = 0.31f }, logits));
        Assert.Equal([1, 2, 3], Tokens(new() { MinP = 0.29f }, logits));
        Assert.Equal([0, 1, 2, 3], Tokens(new() { MinP = 0.19f }, logits));
    }

    [Theory]
    [InlineData(0.1f, 1)]
    [InlineData(0.51f, 2)]
    public void TopPOfEqualTokensKeepsAsManyAsItNeeds(float topP, int count) =>
        Assert.Equal(count, Tokens(new() { TopP = topP }, [3f, 3f]).Length);

    [Fact]
    public void ExtremeLogitsAndTemperaturesStayProbabilities()
    {
        float[] logits = [-3e38f, 3e38f, 1, float.NegativeInfinity, 3e38f];
        foreach (var temperature in new[] { 1e-45f, 1e-3f, 1, 1e38f })
        {
            foreach (var options in new SamplingOptions[] { new(), new() { TopK = 3 }, new() { TopP = 0.999f }, new() { MinP = 1e-6f } })
            {
                var probabilities = Spread(new Sampler(options with { Temperature = temperature }).Candidates(logits.ToArray(), []), 5);
                Assert.Equal(1, probabilities.Sum(), 1e-5);
                Assert.Equal(0, probabilities[3]);
                Assert.Equal(probabilities[1], probabilities[4]);
                Assert.True(probabilities[1] > 0.2);
            }
        }
    }

    [Fact]
    public void GreedyHasOneCandidate()
    {
        var candidates = new Sampler(new() { Temperature = 0 }).Candidates([1, 4, 2], []);
        Assert.Equal([1], candidates.Tokens.ToArray());
        Assert.Equal([1f], candidates.Probabilities.ToArray());
    }

    private static int[] Tokens(SamplingOptions options, float[] logits) => new Sampler(options).Candidates(logits.ToArray(), []).Tokens.ToArray();

    private static float[] Log(params float[] probabilities) => [.. probabilities.Select(probability => MathF.Log(probability))];

    private static float[] Logits(int size, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, size).Select(_ => (float)(random.NextDouble() * 12 - 6))];
    }

    private static double[] Spread(CandidateTokens candidates, int vocabulary)
    {
        var probabilities = new double[vocabulary];
        for (var i = 0; i < candidates.Tokens.Length; i++)
            probabilities[candidates.Tokens[i]] += candidates.Probabilities[i];
        return probabilities;
    }
}
