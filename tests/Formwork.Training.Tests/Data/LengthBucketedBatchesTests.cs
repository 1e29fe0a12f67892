using CsCheck;
using Formwork.Runtime;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class LengthBucketedBatchesTests
{
    // A start and an end: a target of n ids has n + 1 rows, a source of n has n + 1.
    private static readonly Objective Translation = new TranslationObjective(new TranslationFrame(1, 2, SourceEnd: 3));

    private static readonly Gen<BatchLimits> Limits =
        from rows in Gen.Int[4, 40]
        from sourceRows in Gen.Int[4, 40]
        from sequences in Gen.OneOf(Gen.Int[1, 6], Gen.Const(int.MaxValue))
        from context in Gen.Int[4, 20]
        select new BatchLimits { Rows = rows, SourceRows = sourceRows, Sequences = sequences, Context = context, SourceContext = 11 };

    [Fact]
    public void EveryExampleThatFitsComesOnceAnEpochAndLimitsAreKept() =>
        Gen.Select(RandomSets.Lengths, Limits, Gen.Int[0, 1000], Gen.Int[0, 3]).Sample((lengths, limits, seed, epoch) =>
        {
            int[] fitting = [.. Enumerable.Range(0, lengths.Length).Where(example => Fits(lengths[example], limits))];
            if (fitting.Length == 0)
            {
                Assert.Throws<InvalidInputException>(() => Make(lengths, limits, seed));
                return;
            }
            LengthBucketedBatches batches = Make(lengths, limits, seed);
            int[][] made = Epoch(batches, epoch);

            Assert.Equal(fitting, made.SelectMany(batch => batch).Order());
            Assert.Equal((fitting.Length, lengths.Length - fitting.Length), (batches.Examples, batches.LeftOut));
            Assert.All(made, batch => Assert.InRange(batch.Length, 1, limits.Sequences));
            Assert.All(made, batch => Assert.InRange(batch.Sum(example => lengths[example].Target + 1), 1, Math.Min(limits.Rows, batches.MaxRows)));
            Assert.All(made, batch => Assert.InRange(batch.Sum(example => lengths[example].Source + 1), 1, Math.Min(limits.SourceRows, batches.MaxSourceRows)));
            Assert.Equal(batches.Rows, fitting.Sum(example => lengths[example].Target + 1L));
            Assert.Contains(made, batch => batch.Sum(example => lengths[example].Target + 1) == batches.MaxRows);
        });

    [Fact]
    public void SimilarLengthsStandTogether() => Gen.Select(RandomSets.Lengths, Gen.Int[0, 1000]).Sample((lengths, seed) =>
    {
        int[][] made = Epoch(Make(lengths, new BatchLimits { Rows = 40 }, seed), 1);
        (int Least, int Most)[] ranges = [.. made.Select(batch => (batch.Min(example => lengths[example].Target), batch.Max(example => lengths[example].Target))).Order()];

        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.True(pair.First.Most <= pair.Second.Least));
    }, iter: 200);

    [Fact]
    public void AnyBatchIsFoundWithoutThoseBefore() => Gen.Select(RandomSets.Lengths, Gen.Int[0, 1000], Gen.Int[0, 200]).Sample((lengths, seed, number) =>
    {
        LengthBucketedBatches walked = Make(lengths, new BatchLimits { Rows = 30 }, seed);
        int[] found = [];
        for (int batch = 0; batch <= number; batch++)
            found = walked.Batch(batch).ToArray();

        Assert.Equal(found, Make(lengths, new BatchLimits { Rows = 30 }, seed).Batch(number).ToArray());
        Assert.Equal(found, walked.Batch(number).ToArray());
    }, iter: 200);

    [Fact]
    public void EpochsAndSeedsHaveOtherOrdersOfBatchesAndOfEqualLengths()
    {
        (int, int)[] lengths = [.. Enumerable.Range(0, 60).Select(example => (3, 3 + example / 20))];
        string Order(int seed, int epoch) => string.Join(' ', Epoch(Make(lengths, new BatchLimits { Sequences = 5 }, seed), epoch).SelectMany(batch => batch));
        string Sets(int seed, int epoch) => string.Join('|', Epoch(Make(lengths, new BatchLimits { Sequences = 5 }, seed), epoch).Select(batch => string.Join(' ', batch.Order())).Order());

        var orders = from seed in Enumerable.Range(0, 3) from epoch in Enumerable.Range(0, 3) select (Order(seed, epoch), Sets(seed, epoch));

        Assert.Equal(9, orders.Select(order => order.Item1).Distinct().Count());
        Assert.Equal(9, orders.Select(order => order.Item2).Distinct().Count());
    }

    [Fact]
    public void TheOrderOfLengthsIsTheSameForAllSeeds() => RandomSets.Lengths.Sample(lengths =>
    {
        LengthBucketedBatches one = Make(lengths, new BatchLimits { Rows = 30 }, 1), other = Make(lengths, new BatchLimits { Rows = 30 }, 2);

        for (int batch = 0; batch < one.Count; batch++)
            Assert.Equal(one.Ordered(batch).ToArray(), other.Ordered(batch).ToArray());
    }, iter: 50);

    [Fact]
    public void ExamplesWithoutARowAreLeftOut()
    {
        var batches = new LengthBucketedBatches(RandomSets.Letters("a", "ab"), new CausalObjective(), new BatchLimits(), 0);

        Assert.Equal((1, 1, 1), (batches.Examples, batches.LeftOut, batches.MaxRows));
    }

    private static bool Fits((int Source, int Target) length, BatchLimits limits) =>
        length.Target + 1 <= Math.Min(limits.Rows, limits.Context) && length.Source + 1 <= Math.Min(limits.SourceRows, limits.SourceContext);

    private static LengthBucketedBatches Make((int, int)[] lengths, BatchLimits limits, int seed) => new(RandomSets.Pairs(lengths), Translation, limits, seed);

    private static int[][] Epoch(LengthBucketedBatches batches, int epoch) =>
        [.. Enumerable.Range(0, batches.Count).Select(index => batches.Batch((long)epoch * batches.Count + index).ToArray())];
}
