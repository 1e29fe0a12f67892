using Formwork.Runtime.Weights;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

public sealed class RandomWeightsTests
{
    private static readonly WeightTable Table = new("Toy", "toy", ["transformer."],
    [
        new("embedding.token", "wte", 500, 64, 0, WeightPacking.Panels),
        new("layers.0.attention.query.bias", "q.bias", 64, 1, 32768, WeightPacking.Panels),
        new("final_norm.weight", "norm", 1, 64, 32832, WeightPacking.Dense),
        new("final_norm.bias", "norm_bias", 1, 64, 32896, WeightPacking.Dense),
    ], [], 32960);

    [Fact]
    public void InitialWeightsAreAsModelsStart()
    {
        using var checkpoint = new RandomCheckpoint(Table, 7);
        AssertSpread(checkpoint.Read("transformer.wte"), 0, 0.02);
        Assert.All(checkpoint.Read("transformer.norm"), value => Assert.Equal(1, value));
        Assert.All(checkpoint.Read("transformer.norm_bias"), value => Assert.Equal(0, value));
        Assert.All(checkpoint.Read("transformer.q.bias"), value => Assert.Equal(0, value));
    }

    [Fact]
    public void EverythingLeavesNoParameterTrivial()
    {
        using var checkpoint = new RandomCheckpoint(Table, 7, RandomKind.Everything);
        AssertSpread(checkpoint.Read("transformer.wte"), 0, 0.125);
        Assert.True(checkpoint.Read("transformer.norm").Distinct().Count() > 60);
        Assert.InRange(checkpoint.Read("transformer.norm").Average(), 0.8, 1.2);
        Assert.DoesNotContain(0f, checkpoint.Read("transformer.norm_bias"));
        Assert.DoesNotContain(0f, checkpoint.Read("transformer.q.bias"));
    }

    [Fact]
    public void NumbersDependOnSeedAndNameOnly()
    {
        using var one = new RandomCheckpoint(Table, 1);
        using var again = new RandomCheckpoint(Table with { Slots = [.. Table.Slots.Reverse()] }, 1);
        using var two = new RandomCheckpoint(Table, 2);
        var whole = one.Read("transformer.wte");
        var rows = new float[128];
        again.ReadRows("transformer.wte", 30, 2, rows);
        Assert.Equal(whole[(30 * 64)..(32 * 64)], rows);
        Assert.Empty(whole.Zip(two.Read("transformer.wte")).Where(pair => pair.First == pair.Second).Skip(20));
        // Written down, so that benchmarks of different days run on the same numbers.
        Assert.Equal([0.0575433709f], whole[..1]);
    }

    [Fact]
    public void PackedRandomWeightsAreTheCheckpoints()
    {
        using var packed = WeightLoader.Random(Table, 5, RandomKind.Everything);
        using var checkpoint = new RandomCheckpoint(Table, 5, RandomKind.Everything);
        var embedding = checkpoint.Read("transformer.wte");
        for (int row = 0; row < 500; row++)
            for (int column = 0; column < 64; column++)
                Assert.Equal(embedding[row * 64 + column], packed.AsSpan(Table.Slots[0].PackedIndex(row, column), 1)[0]);
        Assert.Equal(checkpoint.Read("transformer.norm"), packed.AsSpan(32832, 64).ToArray());
    }

    private static void AssertSpread(float[] values, double mean, double deviation)
    {
        double average = values.Average(value => (double)value);
        double spread = Math.Sqrt(values.Average(value => (value - average) * (value - average)));
        Assert.InRange(average, mean - deviation / 30, mean + deviation / 30);
        Assert.InRange(spread, deviation * 0.98, deviation * 1.02);
    }
}
