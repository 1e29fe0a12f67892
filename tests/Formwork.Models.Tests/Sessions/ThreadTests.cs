using Formwork.Models.Tests.Stories;
using Xunit;

namespace Formwork.Models.Tests.Sessions;

/// <summary>The number of threads is nobody's business but the clock's: logits are the same to the bit.</summary>
public class ThreadTests
{
    private static readonly int[] Tokens = [1, .. Enumerable.Range(0, 300).Select(index => 260 + index * 41 % 240)];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void PassOverAPromptIsTheSameToTheBit(int threads)
    {
        using var one = StoriesModel.Load(threads: 1);
        using var several = StoriesModel.Load(threads: threads);
        Assert.Equal((1, threads), (one.Threads, several.Threads));
        using var expected = one.NewSession();
        using var actual = several.NewSession();
        AssertSameBits(expected.AllLogits(Tokens), actual.AllLogits(Tokens));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void StepsAreTheSameToTheBit(int threads)
    {
        using var one = StoriesModel.Load(threads: 1);
        using var several = StoriesModel.Load(threads: threads);
        using var expected = one.NewSession();
        using var actual = several.NewSession();
        foreach (var token in Tokens.Take(64))
            AssertSameBits(expected.Step(token), actual.Step(token));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void BatchesAreTheSameToTheBit(int threads)
    {
        const int Sequences = 24;
        using var one = StoriesModel.Load(threads: 1);
        using var several = StoriesModel.Load(threads: threads);
        var expected = Enumerable.Range(0, Sequences).Select(_ => one.NewSession()).ToArray();
        var actual = Enumerable.Range(0, Sequences).Select(_ => several.NewSession()).ToArray();
        for (var index = 0; index < Sequences; index++)
        {
            expected[index].Prefill(Tokens.AsSpan(0, 1 + index * 3));
            actual[index].Prefill(Tokens.AsSpan(0, 1 + index * 3));
        }
        one.StepBatch(expected, Tokens.AsSpan(0, Sequences));
        several.StepBatch(actual, Tokens.AsSpan(0, Sequences));
        for (var index = 0; index < Sequences; index++)
            AssertSameBits(expected[index].Logits, actual[index].Logits);
        foreach (var session in expected.Concat(actual))
            session.Dispose();
    }

    private static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"logit {i}: {expected[i]:R} with one thread, {actual[i]:R} with several");
        }
    }
}
