using Formwork.Runtime.Sampling;
using Xunit;

namespace Formwork.Runtime.Tests.Sampling;

public class Llama2CSamplerTests
{
    [Theory]
    [InlineData(1f, 1f, 1)]
    [InlineData(0.8f, 0.9f, 42)]
    [InlineData(0.5f, 0.3f, 7)]
    [InlineData(2f, 0.99f, 123456789)]
    public void ChoicesEqualThoseOfRunC(float temperature, float topP, int seed)
    {
        var options = new SamplingOptions { Random = RandomSource.Llama2C, Temperature = temperature, TopP = topP, Seed = seed };
        var sampler = new Sampler(options);
        var random = new Random(seed);
        var state = (ulong)seed;
        for (var call = 0; call < 200; call++)
        {
            var logits = Enumerable.Range(0, 512).Select(_ => (float)(random.NextDouble() * 20 - 10)).ToArray();
            var expected = RunC(logits.ToArray(), temperature, topP, ref state);
            Assert.Equal(expected, sampler.Sample(logits, []));
        }
    }

    [Fact]
    public void GreedyUsesNoRandomNumber()
    {
        var sampler = new Sampler(new() { Random = RandomSource.Llama2C, Temperature = 0 });
        Assert.Equal(1, sampler.Sample([1, 2, 1.5f], []));
    }

    [Fact]
    public void TopPBelowEveryCutoffStillChooses()
    {
        // Two equal tokens: each has 0.5, below (1 − 0.1) / (2 − 1).
        var sampler = new Sampler(new() { Random = RandomSource.Llama2C, TopP = 0.1f, Seed = 1 });
        Assert.Equal(0, sampler.Sample([1, 1], []));
    }

    /// <summary>run.c's <c>sample</c>, line by line, by another sort.</summary>
    private static int RunC(float[] logits, float temperature, float topp, ref ulong state)
    {
        for (var q = 0; q < logits.Length; q++)
            logits[q] /= temperature;
        var max = logits.Max();
        var total = 0f;
        for (var i = 0; i < logits.Length; i++)
            total += logits[i] = MathF.Exp(logits[i] - max);
        for (var i = 0; i < logits.Length; i++)
            logits[i] /= total;
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        var coin = ((uint)((state * 0x2545F4914F6CDD1Dul) >> 32) >> 8) / 16777216.0f;
        var order = topp >= 1
            ? [.. Enumerable.Range(0, logits.Length)]
            : Enumerable.Range(0, logits.Length).Where(i => logits[i] >= (1 - topp) / (logits.Length - 1)).OrderByDescending(i => logits[i]).ToArray();
        var cumulative = 0f;
        var last = order.Length - 1;
        for (var i = 0; topp < 1 && i < order.Length; i++)
        {
            cumulative += logits[order[i]];
            if (cumulative > topp)
            {
                last = i;
                break;
            }
        }
        var r = topp < 1 ? coin * cumulative : coin;
        var cdf = 0f;
        for (var i = 0; i <= last; i++)
        {
            cdf += logits[order[i]];
            if (r < cdf)
                return order[i];
        }
        return order[last];
    }
}
