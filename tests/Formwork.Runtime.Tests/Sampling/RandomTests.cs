using System.Numerics;
using Formwork.Runtime.Sampling;
using Xunit;

namespace Formwork.Runtime.Tests.Sampling;

public class RandomTests
{
    [Fact]
    public void Xoshiro256GivesTheSequenceOfItsReference()
    {
        // From the state 1, 2, 3, 4; the same numbers stand in the tests of Rust's rand_xoshiro.
        var random = new Xoshiro256(1, 2, 3, 4);
        ulong[] expected =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625, 8476171486693032832,
            10595114339597558777, 2904607092377533576,
        ];
        Assert.Equal(expected, expected.Select(_ => random.NextBits()));
    }

    [Fact]
    public void SeedFillsTheStateBySplitMix64()
    {
        // splitmix64's first numbers from 1234567, as its reference gives them.
        var seeded = new Xoshiro256(1234567);
        var filled = new Xoshiro256(6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431);
        for (var i = 0; i < 10; i++)
            Assert.Equal(filled.NextBits(), seeded.NextBits());
    }

    [Fact]
    public void DoublesLieFromZeroToBelowOne()
    {
        var random = new Xoshiro256(3);
        var numbers = Enumerable.Range(0, 10_000).Select(_ => random.NextDouble()).ToArray();
        Assert.All(numbers, number => Assert.InRange(number, 0, 1 - 1e-16));
        Assert.Equal(0.5, numbers.Average(), 0.02);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(int.MaxValue)]
    public void Llama2CRandomEqualsXorshiftStarWithWholeNumbers(int seed)
    {
        var random = new Llama2CRandom((ulong)seed);
        // The same by arithmetic instead of shifts, in numbers that cannot overflow.
        var (state, range) = (new BigInteger(seed), BigInteger.Pow(2, 64));
        for (var i = 0; i < 100; i++)
        {
            state ^= state / 4096;
            state ^= state * 33554432 % range;
            state ^= state / 134217728;
            var bits = state * 0x2545F4914F6CDD1D % range / BigInteger.Pow(2, 32);
            Assert.Equal((uint)bits, random.NextBits());
        }
    }

    [Fact]
    public void Llama2CFloatsAreTheTopTwentyFourBits()
    {
        var random = new Llama2CRandom(42);
        Assert.Equal([0.3390852212905884f, 0.7822558283805847f, 0.790136992931366f], [random.NextFloat(), random.NextFloat(), random.NextFloat()]);
    }
}
