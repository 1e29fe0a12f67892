using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class CounterGeneratorTests
{
    [Fact]
    public void BitsAreThoseThatSplitMix64IsPublishedWith()
    {
        const ulong Golden = 0x9E3779B97F4A7C15;
        ulong[] published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];

        Assert.Equal(published, Enumerable.Range(0, 5).Select(index => new CounterGenerator(1234567).Bits((long)(Golden * (ulong)index))));
    }

    [Fact]
    public void NumbersBelowALimitAreAllDrawnAboutEquallyOften()
    {
        var random = CounterGenerator.Of(3);
        var counts = new int[7];
        for (int place = 0; place < 70_000; place++)
            counts[random.Below(place, 7)]++;

        // A binomial count of mean 10,000 deviates by 93; five deviations.
        Assert.All(counts, count => Assert.InRange(count, 10_000 - 465, 10_000 + 465));
    }

    [Fact]
    public void AShuffleKeepsEveryValueAndReachesEveryOrder()
    {
        var orders = new HashSet<string>();
        for (int seed = 0; seed < 500; seed++)
        {
            int[] values = [1, 2, 3, 4];
            CounterGenerator.Of(seed).Shuffle(values);
            orders.Add(string.Join(' ', values));
            Assert.Equal([1, 2, 3, 4], values.Order());
        }

        Assert.Equal(24, orders.Count);
    }

    [Fact]
    public void SeedsStepsAndBatchesDrawDifferently()
    {
        var keys = from seed in Enumerable.Range(0, 10) from step in Enumerable.Range(0, 10) from micro in Enumerable.Range(0, 10)
                   select CounterGenerator.Of(seed).With(step).With(micro).Key;

        Assert.Equal(1000, keys.Distinct().Count());
    }
}
