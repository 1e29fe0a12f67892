namespace Formwork.Compiler.Ops;

/// <summary>
/// What the distance j − i of a key at j from a query at i adds to a score: a slope a head times −|j − i| (<see cref="Buckets"/> 0; Press et al.
/// 2022, section 3, with the slopes of <see cref="Slopes"/>), or a learned number a head and bucket of distances (Raffel et al. 2020,
/// section 2.1).
/// </summary>
/// <param name="Buckets">Number of buckets; 0 for slopes.</param>
/// <param name="MaxDistance">The distance from which on all are in the last bucket; 0 for slopes.</param>
/// <param name="Bidirectional">Whether keys after the query are seen, and have buckets.</param>
public sealed record DistanceBias(int Buckets, int MaxDistance, bool Bidirectional)
{
    /// <summary>For printers.</summary>
    public string Detail => Buckets == 0 ? "slopes by distance" : $"{Buckets} buckets of distances up to {MaxDistance}";

    /// <summary>
    /// ALiBi's slopes: 2^(−8h / n) for the h-th of n heads, n a power of two; else those of the next smaller power, and then every other
    /// one of the next larger (the paper's published code).
    /// </summary>
    public static IReadOnlyList<double> Slopes(int heads)
    {
        int power = 1;
        while (power * 2 <= heads)
            power *= 2;
        IEnumerable<double> Of(int count, int step) => Enumerable.Range(0, count).Select(head => Math.Pow(2, -8.0 * (head * step + 1) / count));
        return Of(power, 1).Concat(Enumerable.Range(0, heads - power).Select(head => Math.Pow(2, -8.0 * (2 * head + 1) / (2 * power)))).ToArray();
    }
}
