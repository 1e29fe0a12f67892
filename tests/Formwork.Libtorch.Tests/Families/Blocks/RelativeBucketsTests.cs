using Formwork.Runtime.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>
/// T5's buckets at the borders that section 2.1 of Raffel et al. (2020) describes: 32 of them, exact ones first, then logarithmic up to 128.
/// </summary>
public class RelativeBucketsTests : TorchTest
{
    // Encoders: 16 a side, 8 exact. Bucket 8 + k begins at 8·16^(k/8) = 8·2^(k/2): 8, 11.3, 16, 22.6, 32, 45.3, 64, 90.5.
    [LibtorchTheory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(-7, 7)]
    [InlineData(-8, 8)]
    [InlineData(-11, 8)]
    [InlineData(-12, 9)]
    [InlineData(-15, 9)]
    [InlineData(-16, 10)]
    [InlineData(-22, 10)]
    [InlineData(-23, 11)]
    [InlineData(-31, 11)]
    [InlineData(-32, 12)]
    [InlineData(-46, 13)]
    [InlineData(-64, 14)]
    [InlineData(-90, 14)]
    [InlineData(-91, 15)]
    [InlineData(-128, 15)]
    [InlineData(-1000, 15)]
    [InlineData(1, 17)]
    [InlineData(7, 23)]
    [InlineData(8, 24)]
    [InlineData(12, 25)]
    [InlineData(127, 31)]
    [InlineData(5000, 31)]
    public void AnEncoderHasSixteenBucketsToEachSide(int offset, int bucket) =>
        Assert.Equal(bucket, RelativeBuckets.Of(tensor(offset, int64), bidirectional: true, 32, 128).item<long>());

    // Decoders: 16 exact. Bucket 16 + k begins at 16·8^(k/16): 16, 18.2, 20.7, 23.6, 26.9, 30.6, 34.9, 39.7, 45.3, 51.5, 58.7, 66.8, 76.1, 86.7, 98.7, 112.4.
    [LibtorchTheory]
    [InlineData(3, 0)]
    [InlineData(0, 0)]
    [InlineData(-15, 15)]
    [InlineData(-16, 16)]
    [InlineData(-18, 16)]
    [InlineData(-19, 17)]
    [InlineData(-20, 17)]
    [InlineData(-21, 18)]
    [InlineData(-30, 20)]
    [InlineData(-31, 21)]
    [InlineData(-45, 23)]
    [InlineData(-46, 24)]
    [InlineData(-98, 29)]
    [InlineData(-99, 30)]
    [InlineData(-112, 30)]
    [InlineData(-113, 31)]
    [InlineData(-500, 31)]
    public void ADecoderHasThirtyTwoBucketsBehindIt(int offset, int bucket) =>
        Assert.Equal(bucket, RelativeBuckets.Of(tensor(offset, int64), bidirectional: false, 32, 128).item<long>());

    // No distance is on a border but those of 128 over 8, which float32 tells rightly: on others its logarithms decide, which differ among machines.
    [LibtorchTheory]
    [InlineData(32, 128, true)]
    [InlineData(32, 128, false)]
    [InlineData(64, 128, true)]
    [InlineData(12, 20, false)]
    [InlineData(8, 12, true)]
    public void TheRuntimesBucketsAreThese(int buckets, int maxDistance, bool bidirectional)
    {
        const int Farthest = 600;
        long[] expected = RelativeBuckets.Of(arange(-Farthest, Farthest + 1, int64), bidirectional, buckets, maxDistance).data<long>().ToArray();
        long[] found = [.. Enumerable.Range(-Farthest, 2 * Farthest + 1).Select(distance => (long)PositionTables.DistanceBucket(distance, buckets, maxDistance, bidirectional))];
        Assert.Equal(expected, found);
    }
}
