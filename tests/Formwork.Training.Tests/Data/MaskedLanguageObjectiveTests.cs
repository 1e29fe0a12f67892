using Formwork.Runtime;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class MaskedLanguageObjectiveTests
{
    private static readonly MaskedLanguageOptions Options = new(MaskToken: 2, Vocabulary: 100, SpecialIds: [0, 1, 3]);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(11, 2)]
    [InlineData(20, 3)]
    [InlineData(100, 15)]
    public void FifteenPercentAreChosenAndAtLeastOne(int ids, int chosen)
    {
        TrainingBatch batch = new MaskedLanguageObjective(Options).Batch([new(0, [.. Enumerable.Repeat(7, ids)])], 5);

        Assert.Equal(chosen, batch.Targets.Length);
        Assert.Equal(batch.OutputRows.Distinct().Order(), batch.OutputRows);
    }

    [Fact]
    public void TheTargetsAreWhatStoodThereAndTheRestStays()
    {
        TrainingExample[] examples = Examples(200, 30);

        TrainingBatch batch = new MaskedLanguageObjective(Options).Batch(examples, 9);

        int[] before = [.. examples.SelectMany(example => example.Ids)];
        var restored = (int[])batch.Target.Tokens.Clone();
        for (int output = 0; output < batch.Targets.Length; output++)
        {
            Assert.Equal(before[batch.OutputRows[output]], batch.Targets[output]);
            restored[batch.OutputRows[output]] = batch.Targets[output];
        }
        Assert.Equal(before, restored);
        Assert.NotEqual(before, batch.Target.Tokens);
    }

    [Fact]
    public void OfTheChosenEightyPercentAreMaskedTenReplacedTenStay()
    {
        TrainingExample[] examples = Examples(4000, 100);
        TrainingBatch batch = new MaskedLanguageObjective(Options).Batch(examples, 1);

        int[] now = [.. batch.OutputRows.Select(row => batch.Target.Tokens[row])];
        double masked = now.Count(id => id == 2) / 60_000.0;
        double same = now.Zip(batch.Targets).Count(pair => pair.First == pair.Second) / 60_000.0;

        Assert.Equal(60_000, now.Length);
        // Five deviations of a share of 60,000; one replacement in 96 is by the id itself.
        Assert.InRange(masked, 0.8 - 0.0082, 0.8 + 0.0082);
        Assert.InRange(same, 0.1 + 0.1 / 96 - 0.0062, 0.1 + 0.1 / 96 + 0.0062);
        Assert.Equal(96, now.Where(id => id != 2).Distinct().Count());
        Assert.DoesNotContain(now, id => id is 0 or 1 or 3);
    }

    [Fact]
    public void EveryPlaceIsChosenAboutEquallyOften()
    {
        TrainingBatch batch = new MaskedLanguageObjective(Options).Batch(Examples(4000, 20), 1);

        // 600 of 4,000, with a deviation of 23.
        Assert.All(batch.OutputRows.CountBy(row => row % 20), place => Assert.InRange(place.Value, 600 - 115, 600 + 115));
    }

    [Fact]
    public void SpecialIdsAreNeverChosen()
    {
        TrainingBatch batch = new MaskedLanguageObjective(Options with { Share = 1 }).Batch([new(0, [0, 7, 2, 8, 1, 3])], 4);

        Assert.Equal([1, 3], batch.OutputRows);
        Assert.Equal([7, 8], batch.Targets);
    }

    [Fact]
    public void ASequenceOfSpecialIdsHasNoTarget() => Assert.Empty(new MaskedLanguageObjective(Options).Batch([new(0, [0, 1])], 4).Targets);

    [Fact]
    public void FramingIdsAreAddedAndNeverChosen()
    {
        var objective = new MaskedLanguageObjective(Options with { Share = 1, Masked = 1, Replaced = 0, Begin = 0, End = 1 });

        TrainingBatch batch = objective.Batch([new(0, [7, 8]), new(1, [9])], 4);

        Assert.Equal([0, 2, 2, 1, 0, 2, 1], batch.Target.Tokens);
        Assert.Equal([1, 2, 5], batch.OutputRows);
        Assert.Equal([7, 8, 9], batch.Targets);
        Assert.Equal(2, objective.ExtraRows);
    }

    [Fact]
    public void WhatIsChosenFollowsFromKeyAndExampleNotFromTheBatch()
    {
        var objective = new MaskedLanguageObjective(Options);
        TrainingExample[] examples = Examples(2, 50);

        int[] alone = objective.Batch([examples[1]], 4).Target.Tokens;

        Assert.Equal(alone, objective.Batch(examples, 4).Target.Tokens[50..]);
        Assert.NotEqual(alone, objective.Batch([examples[1]], 5).Target.Tokens);
        Assert.NotEqual(alone, objective.Batch([examples[1] with { Number = 9 }], 4).Target.Tokens);
    }

    [Fact]
    public void ATokenizerNamesMaskAndSpecialIds()
    {
        MaskedLanguageOptions options = MaskedLanguageOptions.Of(new LetterTokenizer());

        Assert.Equal((LetterTokenizer.Mask, 31), (options.MaskToken, options.Vocabulary));
        Assert.Equal([0, 1, 2, 3, 4], options.SpecialIds);
    }

    [Fact]
    public void SharesOutOfRangeAreTold()
    {
        Assert.Throws<InvalidInputException>(() => new MaskedLanguageObjective(Options with { Share = 0 }));
        Assert.Throws<InvalidInputException>(() => new MaskedLanguageObjective(Options with { Masked = 0.95 }));
        Assert.Throws<InvalidInputException>(() => new MaskedLanguageObjective(new MaskedLanguageOptions(0, 2, [1])));
    }

    private static TrainingExample[] Examples(int count, int ids) =>
        [.. Enumerable.Range(0, count).Select(number => new TrainingExample(number, [.. Enumerable.Range(0, ids).Select(place => 4 + (number * 31 + place * 7) % 96)]))];
}
