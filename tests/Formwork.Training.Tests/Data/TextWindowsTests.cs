using CsCheck;
using Formwork.Runtime;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class TextWindowsTests
{
    [Fact]
    public void WindowsAreConsecutiveIdsAndTheTargetsAreOneFurther()
    {
        var windows = new TextWindows(Counting(100), new WindowOptions(Context: 8, BatchSize: 3));

        TrainingBatch batch = windows.Batch(5, 0);

        Assert.Equal([8, 8, 8], batch.Target.Lengths);
        Assert.Equal(24, windows.MaxRows);
        Assert.Equal(Enumerable.Range(0, 24), batch.OutputRows);
        Assert.Equal(batch.Target.Tokens.Select(id => id + 1), batch.Targets);
        for (int row = 0; row < 3; row++)
            Assert.Equal(Enumerable.Range(batch.Target.Tokens[row * 8], 8), batch.Target.Tokens[(row * 8)..(row * 8 + 8)]);
    }

    [Fact]
    public void EveryPlaceWhereAWindowFitsIsDrawn()
    {
        var windows = new TextWindows(Counting(40), new WindowOptions(4, 10) { Begin = 10, End = 20 });

        var starts = Enumerable.Range(1, 50).SelectMany(step => windows.Batch(step, 0).Target.Tokens.Chunk(4)).Select(window => window[0]);

        Assert.Equal(Enumerable.Range(10, 6), starts.Distinct().Order());
    }

    [Fact]
    public void ABatchFollowsFromSeedStepAndPlaceInTheStep()
    {
        ITrainingData Data(int seed) => new TextWindows(Counting(10_000), new WindowOptions(4, 2) { Seed = seed });
        string first = RandomSets.Text(Data(1).Batch(7, 1));

        Assert.Equal(first, RandomSets.Text(Data(1).Batch(7, 1)));
        Assert.NotEqual(first, RandomSets.Text(Data(1).Batch(7, 0)));
        Assert.NotEqual(first, RandomSets.Text(Data(1).Batch(8, 1)));
        Assert.NotEqual(first, RandomSets.Text(Data(2).Batch(7, 1)));
    }

    [Fact]
    public void AnEvaluationForetellsEveryIdOnceInOrder() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 4], Gen.Int[0, 60], Gen.Bool).Sample((context, size, more, begins) =>
        {
            int length = context + 1 + more;
            var objective = new CausalObjective(begins ? 99 : null);
            var windows = new TextWindows(Counting(length), new WindowOptions(context, size), objective);
            TrainingBatch[] batches = [.. windows.EvaluationBatches()];

            Assert.Equal(begins ? Enumerable.Range(0, length) : Enumerable.Range(1, length - 1), batches.SelectMany(batch => batch.Targets));
            Assert.All(batches, batch => Assert.InRange(batch.Target.Tokens.Length, 1, windows.MaxRows));
            Assert.All(batches.SkipLast(1), batch => Assert.Equal(size, batch.Target.Lengths.Length));
        }, iter: 300);

    [Fact]
    public void AnEvaluationKeepsItsLimit()
    {
        var windows = new TextWindows(Counting(100), new WindowOptions(4, 2) { EvaluationLimit = 3 });

        Assert.Equal(Enumerable.Range(1, 24), windows.EvaluationBatches().SelectMany(batch => batch.Targets));
    }

    [Fact]
    public void RandomEvaluationsAreAlwaysTheSameWhateverTheSeed()
    {
        string[] Batches(int seed) => [.. new TextWindows(Counting(10_000), new WindowOptions(4, 2) { Seed = seed, EvaluationLimit = 3, RandomEvaluation = true })
            .EvaluationBatches().Select(RandomSets.Text)];

        Assert.Equal(3, Batches(1).Distinct().Count());
        Assert.Equal(Batches(1), Batches(2));
    }

    [Fact]
    public void MaskedWindowsAreFramed()
    {
        var objective = new MaskedLanguageObjective(new MaskedLanguageOptions(102, 100, []) { Begin = 100, End = 101 });
        var windows = new TextWindows(Counting(20), new WindowOptions(Context: 7, BatchSize: 1), objective);

        TrainingBatch[] batches = [.. windows.EvaluationBatches()];

        Assert.Equal([7, 7, 7, 7], batches.Select(batch => batch.Target.Tokens.Length));
        Assert.All(batches, batch => Assert.Equal((100, 101, 1), (batch.Target.Tokens[0], batch.Target.Tokens[6], batch.Targets.Length)));
    }

    [Fact]
    public void ATextShorterThanAWindowIsTold()
    {
        Assert.Equal("at least 9, for a window of 8 rows",
            Assert.Throws<InvalidInputException>(() => new TextWindows(Counting(8), new WindowOptions(8, 1))).Expected);
        Assert.Throws<InvalidInputException>(() => new TextWindows(Counting(50), new WindowOptions(8, 1) { Begin = 45 }));
        Assert.Throws<InvalidInputException>(() => new TextWindows(Counting(50), new WindowOptions(8, 0)));
        Assert.Throws<InvalidInputException>(() => new TextWindows(Counting(50), new WindowOptions(8, 1) { RandomEvaluation = true }));
    }

    [Fact]
    public void TheDescriptionTellsTextsAndOptionsApart()
    {
        string[] descriptions =
        [
            new TextWindows(Counting(50), new WindowOptions(8, 1)).Description,
            new TextWindows(Counting(51), new WindowOptions(8, 1)).Description,
            new TextWindows(Counting(50, first: 1), new WindowOptions(8, 1)).Description,
            new TextWindows(Counting(50), new WindowOptions(8, 2)).Description,
            new TextWindows(Counting(50), new WindowOptions(8, 1) { Seed = 1 }).Description,
            new TextWindows(Counting(50), new WindowOptions(8, 1), new CausalObjective(0)).Description,
        ];

        Assert.Equal(6, descriptions.Distinct().Count());
        Assert.Equal(descriptions[0], new TextWindows(Counting(50), new WindowOptions(8, 1)).Description);
    }

    private static TokenList Counting(int length, int first = 0)
    {
        var list = new TokenList(20_000);
        list.Add([.. Enumerable.Range(first, length)]);
        list.EndSequence();
        return list;
    }
}
