using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Runtime.Tests.Models;

public sealed unsafe class KeyValueCacheTests
{
    private static readonly int[] Segments = [6, 16, 16];

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(63)]
    [InlineData(64)]
    public void GrowingKeepsEveryNumberOfTheUsedPositions(int used)
    {
        using var cache = new KeyValueCache(Segments, mostPositions: 1000);
        Fill(cache, used, seed: 1);
        float[][] before = Read(cache, used);
        cache.Reserve(65, used);
        Assert.Equal(128, cache.Capacity);
        Assert.Equal(before, Read(cache, used));
        cache.Reserve(300, used);
        Assert.Equal(320, cache.Capacity);
        Assert.Equal(before, Read(cache, used));
    }

    [Fact]
    public void CapacityDoublesUpToTheContextInGranules()
    {
        using var cache = new KeyValueCache(Segments, mostPositions: 200);
        var capacities = new List<int>();
        for (int position = 1; position <= 200; position++)
        {
            cache.Reserve(position, position - 1);
            if (capacities.Count == 0 || capacities[^1] != cache.Capacity)
                capacities.Add(cache.Capacity);
        }
        Assert.Equal([64, 128, 256], capacities);
        using var small = new KeyValueCache(Segments, mostPositions: 20);
        Assert.Equal(64, small.Capacity);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(17, 40)]
    [InlineData(32, 33)]
    [InlineData(39, 70)]
    [InlineData(40, 40)]
    public void CopyTakesOverWhatDiffers(int first, int end)
    {
        using var source = new KeyValueCache(Segments, 1000, 128);
        using var target = new KeyValueCache(Segments, 1000);
        Fill(source, end, seed: 1);
        Fill(target, first, seed: 1);
        target.CopyFrom(source, first, end);
        Assert.Equal(Read(source, end), Read(target, end));
    }

    [Fact]
    public void CopyLeavesEarlierPanelsAlone()
    {
        using var source = new KeyValueCache(Segments, 1000);
        using var target = new KeyValueCache(Segments, 1000);
        Fill(source, 60, seed: 1);
        Fill(target, 48, seed: 2);
        float[][] before = Read(target, 48);
        target.CopyFrom(source, 48, 60);
        Assert.Equal(before, Read(target, 48));
    }

    private static void Fill(KeyValueCache cache, int positions, int seed)
    {
        var random = new Random(seed);
        // Number by number in each position, so that a longer fill begins as a shorter one.
        for (int position = 0; position < positions; position++)
        {
            for (int segment = 0; segment < Segments.Length; segment++)
                for (int i = 0; i < Segments[segment]; i++)
                    *At(cache, segment, position, i) = random.NextSingle();
        }
    }

    // [position][all numbers]
    private static float[][] Read(KeyValueCache cache, int positions) => Enumerable.Range(0, positions).Select(position =>
        Enumerable.Range(0, Segments.Length).SelectMany(segment => Enumerable.Range(0, Segments[segment]).Select(i => *At(cache, segment, position, i))).ToArray()).ToArray();

    // The first segment lies as keys do, the others as values.
    private static float* At(KeyValueCache cache, int segment, int position, int i)
    {
        float* start = cache.Pointer + (long)Segments.Take(segment).Sum() * cache.Capacity;
        return segment == 0 ? start + position / 16 * 16 * Segments[0] + i * 16 + position % 16 : start + position * Segments[segment] + i;
    }
}
