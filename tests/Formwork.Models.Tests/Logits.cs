using Xunit;

namespace Formwork.Models.Tests;

/// <summary>How logits are compared with goldens.</summary>
internal static class Logits
{
    /// <summary>The goldens' own arithmetic is float32 or float64 in another order of summation.</summary>
    public const float Tolerance = 1e-4f;

    /// <summary>Every logit lies within the tolerance of its golden.</summary>
    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string where, float tolerance = Tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var token = 0; token < expected.Length; token++)
        {
            if (!(Math.Abs(expected[token] - actual[token]) <= tolerance))
                Assert.Fail($"{where}, token {token}: expected {expected[token]}, found {actual[token]}");
        }
    }

    /// <summary>The ids are the most probable ones in this order, and their logits lie within the tolerance.</summary>
    public static void AssertTop(int[] tokens, float[] expected, ReadOnlySpan<float> actual, string where)
    {
        var logits = actual.ToArray();
        var found = Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token]).Take(tokens.Length).ToArray();
        for (var rank = 0; rank < tokens.Length; rank++)
        {
            // A token may stand in another's place only where the two are as good as equal.
            if (!(Math.Abs(expected[rank] - logits[tokens[rank]]) <= Tolerance) || !(Math.Abs(expected[rank] - logits[found[rank]]) <= Tolerance))
                Assert.Fail($"{where}, rank {rank}: expected token {tokens[rank]} with {expected[rank]}, found {logits[tokens[rank]]}; at this rank {found[rank]} with {logits[found[rank]]}");
        }
    }

    /// <summary>log Σ exp, in float64.</summary>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var (max, sum) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits)
            max = Math.Max(max, logit);
        foreach (var logit in logits)
            sum += Math.Exp(logit - max);
        return max + Math.Log(sum);
    }

    /// <summary>The first of the greatest.</summary>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var token = 1; token < logits.Length; token++)
            best = logits[token] > logits[best] ? token : best;
        return best;
    }
}
