using Formwork.Runtime.Weights;

namespace Formwork.Training.Data;

/// <summary>
/// Random numbers that are functions of a key and a place, so that a run that is resumed draws what it would have drawn: SplitMix64's finisher
/// of their sum (Steele, Lea, Flood, OOPSLA 2014).
/// </summary>
internal readonly record struct CounterGenerator(ulong Key)
{
    /// <summary>The generator of a seed.</summary>
    public static CounterGenerator Of(int seed) => new(CounterRandom.Mix((ulong)(uint)seed));

    /// <summary>A generator of its own for a number: a step, an epoch, an example.</summary>
    public CounterGenerator With(long number) => new(CounterRandom.Mix(Key + (ulong)number));

    /// <summary>64 bits for a place.</summary>
    public ulong Bits(long place) => CounterRandom.Mix(Key + (ulong)place);

    /// <summary>A number from 0 to <paramref name="limit"/> − 1, by the high half of a product; its bias, less than limit / 2^64, is nothing here.</summary>
    public long Below(long place, long limit) => (long)Math.BigMul(Bits(place), (ulong)limit, out _);

    /// <summary>A number in [0, 1).</summary>
    public double Unit(long place) => (Bits(place) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Puts values in random order (Fisher–Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (int last = values.Length - 1; last > 0; last--)
        {
            int other = (int)Below(last, last + 1L);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }
}
