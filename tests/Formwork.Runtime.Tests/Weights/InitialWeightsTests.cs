using Formwork.Runtime.Memory;
using Formwork.Runtime.Weights;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

public sealed class InitialWeightsTests
{
    // One layer of attention and feed-forward: two sums into the residual stream.
    private static readonly WeightSlot[] Slots =
    [
        new("embedding.token", "e", 200, 64, 0, WeightPacking.Panels),
        new("layers.0.attention.norm.weight", "n", 1, 64, 14_000 / 16 * 16, WeightPacking.Dense),
        new("layers.0.attention.query.weight", "q", 64, 64, 20_000, WeightPacking.Panels),
        new("layers.0.attention.query.bias", "qb", 64, 1, 30_000 / 16 * 16, WeightPacking.Panels),
        new("layers.0.attention.output.weight", "o", 64, 64, 40_000, WeightPacking.Panels),
        new("layers.0.feed_forward.up.weight", "u", 192, 64, 50_000 / 16 * 16, WeightPacking.Panels),
        new("layers.0.feed_forward.experts.down.weight", "d", 64, 192, 70_000 / 16 * 16, WeightPacking.Panels) { Experts = 2, ExpertStride = 12_288 },
        new("layers.0.feed_forward.shared.down.weight", "sd", 64, 192, 100_000, WeightPacking.Panels),
        new("final_norm.weight", "f", 1, 64, 120_000, WeightPacking.Dense) { UnitOffset = true },
    ];

    private static readonly WeightTable Table = new("Test", "test", [], Slots, [], 130_000);

    [Fact]
    public void Gpt2ScalesWhatIsAddedToTheResidualStream()
    {
        using NativeBuffer packed = InitialWeights.Draw(Table, 1, Initialization.Gpt2);
        Assert.Equal(0.02, Deviation(packed, "e"), 0.0005);
        Assert.Equal(0.02, Deviation(packed, "q"), 0.001);
        Assert.Equal(0.02 / Math.Sqrt(2), Deviation(packed, "o"), 0.001);
        Assert.Equal(0.02 / Math.Sqrt(2), Deviation(packed, "d"), 0.001);
        Assert.All(Values(packed, "qb"), value => Assert.Equal(0, value));
    }

    [Fact]
    public void GainsStartAtWhatMultipliesByOne()
    {
        foreach (Initialization kind in Enum.GetValues<Initialization>())
        {
            using NativeBuffer packed = InitialWeights.Draw(Table, 1, kind);
            Assert.All(Values(packed, "n"), value => Assert.Equal(1, value));
            Assert.All(Values(packed, "f"), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void XavierIsUniformBetweenItsBounds()
    {
        using NativeBuffer packed = InitialWeights.Draw(Table, 1, Initialization.Xavier);
        Assert.Equal(0.125, Deviation(packed, "e"), 0.003);
        Assert.InRange(Values(packed, "u").Max(), 0.99 * Math.Sqrt(6.0 / 256), Math.Sqrt(6.0 / 256));
        Assert.InRange(-Values(packed, "q").Min(), 0.99 * Math.Sqrt(3.0 / 128), Math.Sqrt(3.0 / 128));
    }

    [Fact]
    public void TorchDrawsBiasesFromTheirWeightsInputs()
    {
        using NativeBuffer packed = InitialWeights.Draw(Table, 1, Initialization.Torch);
        Assert.InRange(Values(packed, "u").Max(), 0.99 / 8, 1.0 / 8);
        Assert.InRange(Values(packed, "qb").Max(), 0.7 / 8, 1.0 / 8);
    }

    [Fact]
    public void PackingAndLayoutDoNotChangeAParameter()
    {
        WeightSlot[] moved = [.. Slots.Reverse().Select(slot => slot with { Tensor = "x." + slot.Tensor, Packing = slot.Packing, Offset = slot.Offset + 32 })];
        using NativeBuffer first = InitialWeights.Draw(Table, 7, Initialization.Gpt2);
        using NativeBuffer second = InitialWeights.Draw(Table with { Slots = moved, Length = 130_032 }, 7, Initialization.Gpt2);
        using NativeBuffer other = InitialWeights.Draw(Table, 8, Initialization.Gpt2);
        Assert.True(first.AsSpan(0, 130_000).SequenceEqual(second.AsSpan(32, 130_000)));
        Assert.False(first.AsSpan(0, 130_000).SequenceEqual(other.AsSpan(0, 130_000)));
    }

    private static double Deviation(NativeBuffer packed, string tensor)
    {
        float[] values = Values(packed, tensor);
        double mean = values.Average(value => (double)value);
        Assert.Equal(0, mean, 0.003);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static float[] Values(NativeBuffer packed, string tensor)
    {
        using var checkpoint = new PackedCheckpoint(Table, packed);
        return checkpoint.Read(tensor);
    }
}
