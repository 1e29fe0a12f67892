namespace Formwork.Benchmarks.Workloads;

/// <summary>Token ids for the races. Random weights have no favourite tokens; any will do, as long as everyone gets the same.</summary>
public static class RandomTokens
{
    /// <summary>So many ids of a vocabulary, the same for the same seed.</summary>
    public static int[] Draw(int vocabulary, int count, int seed = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
    }
}
