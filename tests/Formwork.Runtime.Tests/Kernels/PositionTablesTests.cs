using Formwork.Runtime.Kernels;
using Xunit;

namespace Formwork.Runtime.Tests.Kernels;

public sealed unsafe class PositionTablesTests
{
    [Fact]
    public void RotaryFrequenciesComeFromTheBaseOrAreGiven()
    {
        float[] plain = Filled(40, table => PositionTables.FillRotary(table, context: 5, width: 8, frequencyBase: 100));
        float[] given = Filled(40, table => PositionTables.FillRotary(table, context: 5, width: 8, [1, Math.Pow(100, -0.25), 0.1, Math.Pow(100, -0.75)], magnitude: 1));
        Assert.Equal(plain, given);
        Assert.Equal((float)Math.Cos(3 * 0.1), plain[3 * 8 + 2]);
        Assert.Equal((float)Math.Sin(3 * 0.1), plain[3 * 8 + 4 + 2]);
    }

    [Fact]
    public void RotaryMagnitudeMultipliesCosinesAndSines()
    {
        float[] table = Filled(12, table => PositionTables.FillRotary(table, context: 3, width: 4, [0.5, 0.25], magnitude: 1.5));
        Assert.Equal(1.5f, table[0]);
        Assert.Equal((float)(1.5 * Math.Cos(0.5)), table[8 - 4]);
        Assert.Equal((float)(1.5 * Math.Sin(2 * 0.25)), table[8 + 3]);
    }

    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(true, false, 0)]
    [InlineData(true, true, 2)]
    [InlineData(false, true, 5)]
    public void SinusoidsHaveOffsetAndSpacing(bool halves, bool closed, int offset)
    {
        const int Context = 7, Width = 6, Stride = 16;
        float[] table = Filled(Context * Stride, table => PositionTables.FillSinusoidal(table, Context, Width, Stride, 10000, halves, offset, closed));
        for (int position = 0; position < Context; position++)
        {
            for (int i = 0; i < Width / 2; i++)
            {
                double angle = (position + offset) * Math.Pow(10000, closed ? -i / 2.0 : -i / 3.0);
                Assert.Equal(Math.Sin(angle), table[position * Stride + (halves ? i : 2 * i)], 1e-6);
                Assert.Equal(Math.Cos(angle), table[position * Stride + (halves ? 3 + i : 2 * i + 1)], 1e-6);
            }
        }
    }

    [Fact]
    public void OneFrequencyIsOneWhateverTheSpacing() =>
        Assert.Equal((float)Math.Sin(3), Filled(8, table => PositionTables.FillSinusoidal(table, 4, 2, 2, 10000, halves: true, closed: true))[6]);

    [Theory]
    // From the authors' get_slopes, printed for these numbers of heads.
    [InlineData(1, new[] { 0.00390625 })]
    [InlineData(2, new[] { 0.0625, 0.00390625 })]
    [InlineData(8, new[] { 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625 })]
    [InlineData(6, new[] { 0.25, 0.0625, 0.015625, 0.00390625, 0.5, 0.125 })]
    [InlineData(12, new[] { 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625, 0.70710678, 0.35355339, 0.1767767, 0.08838835 })]
    public void AlibiSlopesAreTheAuthors(int heads, double[] expected)
    {
        for (int head = 0; head < heads; head++)
            Assert.Equal(expected[head], PositionTables.AlibiSlope(head, heads), 1e-8);
    }

    [Fact]
    public void AlibiBiasIsTheSlopeTimesTheDistance()
    {
        const int Context = 10, Stride = 2 * Context + 64;
        float[] causal = Filled(2 * Stride, table => PositionTables.FillDistanceBias(table, Context, heads: 2));
        float[] both = Filled(2 * Stride, table => PositionTables.FillDistanceBias(table, Context, heads: 2, bidirectional: true));
        for (int query = 0; query < Context; query++)
        {
            for (int key = 0; key < Context; key++)
            {
                Assert.Equal(0.0625f * (key - query), causal[key - query + Context]);
                Assert.Equal(-0.00390625f * Math.Abs(key - query), both[Stride + key - query + Context]);
            }
        }
    }

    [Theory]
    // 32 buckets up to 128: 16 a direction, 8 of them exact, then 8 to 11, 12 to 15, 16 to 22 and so on.
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(-7, 7)]
    [InlineData(-8, 8)]
    [InlineData(-11, 8)]
    [InlineData(-12, 9)]
    [InlineData(-15, 9)]
    [InlineData(-16, 10)]
    [InlineData(-63, 13)]
    [InlineData(-64, 14)]
    [InlineData(-128, 15)]
    [InlineData(-500, 15)]
    [InlineData(1, 17)]
    [InlineData(8, 24)]
    [InlineData(500, 31)]
    public void BidirectionalBucketsAreT5s(int distance, int bucket) =>
        Assert.Equal(bucket, PositionTables.DistanceBucket(distance, 32, 128, bidirectional: true));

    [Theory]
    [InlineData(5, 0)]
    [InlineData(0, 0)]
    [InlineData(-15, 15)]
    [InlineData(-16, 16)]
    [InlineData(-18, 16)]
    [InlineData(-19, 17)]
    [InlineData(-64, 26)]
    [InlineData(-127, 31)]
    [InlineData(-128, 31)]
    [InlineData(-1000, 31)]
    public void CausalBucketsAreT5s(int distance, int bucket) =>
        Assert.Equal(bucket, PositionTables.DistanceBucket(distance, 32, 128, bidirectional: false));

    [Theory]
    [InlineData(32, 128, true)]
    [InlineData(32, 128, false)]
    [InlineData(8, 12, true)]
    [InlineData(12, 20, false)]
    public void BucketsAreThoseOfTheAuthorsFloat32Arithmetic(int buckets, int maxDistance, bool bidirectional)
    {
        // Mesh TensorFlow's _relative_position_bucket, in its float32.
        int side = bidirectional ? buckets / 2 : buckets, exact = side / 2;
        for (int distance = -600; distance <= 600; distance++)
        {
            int away = bidirectional ? Math.Abs(distance) : Math.Max(0, -distance), first = bidirectional && distance > 0 ? side : 0;
            int large = exact + (int)(MathF.Log(away / (float)exact) / (float)Math.Log(maxDistance / (double)exact) * (side - exact));
            int expected = first + (away < exact ? away : Math.Min(large, side - 1));
            Assert.Equal(expected, PositionTables.DistanceBucket(distance, buckets, maxDistance, bidirectional));
        }
    }

    [Theory]
    // 8·(27/8)^(k/9) is 12 for k = 3 and 18 for k = 6; 9·(25/9)^(k/10) is 15 for k = 5; 27·(75/27)^(k/28) is 45 for k = 14; 9·(16/9)^(k/10) is 12 for k = 5.
    [InlineData(27, 17, -12, 11)]
    [InlineData(27, 17, -18, 14)]
    [InlineData(25, 19, -15, 14)]
    [InlineData(75, 55, -45, 41)]
    [InlineData(16, 19, -12, 14)]
    public void DistanceOnABorderIsInTheFartherBucket(int maxDistance, int buckets, int distance, int bucket) =>
        Assert.Equal(bucket, PositionTables.DistanceBucket(distance, buckets, maxDistance, bidirectional: false));

    [Theory]
    [InlineData(8)]
    [InlineData(3)]
    public void GreatestDistanceThatIsNoneMakesNoBucketOfItsOwn(int maxDistance)
    {
        // 16 buckets a side, 8 of them exact.
        for (int distance = -600; distance <= 0; distance++)
            Assert.Equal(-distance < 8 ? -distance : 15, PositionTables.DistanceBucket(distance, 32, maxDistance, bidirectional: true));
    }

    [Fact]
    public void LearnedBiasIsReadFromItsBucket()
    {
        const int Context = 100, Stride = 2 * Context + 64;
        float[] weights = [.. Enumerable.Range(0, 32 * 16).Select(index => (float)index)];
        float[] table = Filled(3 * Stride, target =>
        {
            fixed (float* learned = weights)
                PositionTables.FillDistanceBias(target, Context, heads: 3, learned, stride: 16, buckets: 32, maxDistance: 128, bidirectional: true);
        });
        Assert.Equal(2, table[2 * Stride + Context]);
        Assert.Equal(14 * 16 + 1, table[Stride + Context - 64]);
        Assert.Equal(24 * 16, table[Context + 8]);
    }

    private delegate void Fill(float* table);

    private static float[] Filled(int length, Fill fill)
    {
        var table = new float[length];
        fixed (float* pointer = table)
            fill(pointer);
        return table;
    }
}
