namespace Formwork.Runtime.Weights;

/// <summary>Random numbers that are functions of a key and a place.</summary>
internal static class CounterRandom
{
    /// <summary>SplitMix64's finisher. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }

    /// <summary>FNV-1a, which, unlike <c>string.GetHashCode</c>, is the same in every process.</summary>
    public static ulong Key(string name)
    {
        ulong key = 14695981039346656037;
        foreach (char letter in name)
            key = (key ^ letter) * 1099511628211;
        return key;
    }

    /// <summary>
    /// A number of mean 0 and deviation 1: the sum of four uniform 16-bit numbers, centred. Close enough to a bell, the same on every machine,
    /// never beyond 3.5 deviations.
    /// </summary>
    public static float Normal(ulong bits)
    {
        const float Centre = 2 * 65535f, Deviation = 37837.2f; // 65536 * sqrt(4 / 12)
        uint sum = (uint)(bits & 0xFFFF) + (uint)(bits >> 16 & 0xFFFF) + (uint)(bits >> 32 & 0xFFFF) + (uint)(bits >> 48);
        return (sum - Centre) / Deviation;
    }

    /// <summary>A number in (−1, 1).</summary>
    public static double Uniform(ulong bits) => ((bits >> 11) + 0.5) / (1UL << 52) - 1;
}
