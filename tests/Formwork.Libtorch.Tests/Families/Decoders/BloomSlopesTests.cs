using Xunit;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>ALiBi's slopes are the paper's.</summary>
public class BloomSlopesTests
{
    [Fact]
    public void EightHeadsHaveTheHalvesOfThePaper() =>
        Assert.Equal([0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625], BloomReference.Slopes(8));

    [Fact]
    public void TwelveHeadsTakeEveryOtherOfSixteen() => Assert.Equal(
        [.. BloomReference.Slopes(8), Math.Pow(2, -0.5), Math.Pow(2, -1.5), Math.Pow(2, -2.5), Math.Pow(2, -3.5)],
        BloomReference.Slopes(12));
}
