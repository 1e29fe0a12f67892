using Formwork.Runtime;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class ObjectiveTests
{
    [Fact]
    public void ACausalModelForetellsEachIdFromThoseBefore()
    {
        TrainingBatch batch = new CausalObjective().Batch([new(0, [5, 6, 7]), new(1, [8, 9])], 0);

        Assert.Equal([5, 6, 8], batch.Target.Tokens);
        Assert.Equal([2, 1], batch.Target.Lengths);
        Assert.Equal([0, 1, 2], batch.OutputRows);
        Assert.Equal([6, 7, 9], batch.Targets);
        Assert.Null(batch.Source);
        Assert.Null(batch.Target.TokenTypes);
    }

    [Fact]
    public void ACausalModelForetellsTheFirstIdFromTheBeginningAndTheEndFromTheLast()
    {
        var objective = new CausalObjective(begin: 1, end: 2);

        TrainingBatch batch = objective.Batch([new(0, [5, 6])], 0);

        Assert.Equal([1, 5, 6], batch.Target.Tokens);
        Assert.Equal([5, 6, 2], batch.Targets);
        Assert.Equal(batch.Target.Tokens.Length, 2 + objective.ExtraRows);
    }

    [Fact]
    public void ATranslationStartsWithTheStartAndForetellsTheEnd()
    {
        var objective = new TranslationObjective(new TranslationFrame(Start: 1, End: 2, SourceEnd: 3));

        TrainingBatch batch = objective.Batch([new(0, [5, 6], [7, 8, 9]), new(1, [7], [5])], 0);

        Assert.Equal([7, 8, 9, 3, 5, 3], batch.Source!.Tokens);
        Assert.Equal([4, 2], batch.Source.Lengths);
        Assert.Equal([1, 5, 6, 1, 7], batch.Target.Tokens);
        Assert.Equal([3, 2], batch.Target.Lengths);
        Assert.Equal([0, 1, 2, 3, 4], batch.OutputRows);
        Assert.Equal([5, 6, 2, 7, 2], batch.Targets);
    }

    [Fact]
    public void ASourceThatHasItsEndGetsNoOther()
    {
        TrainingBatch batch = new TranslationObjective(new TranslationFrame(Start: 1, End: 2)).Batch([new(0, [5], [7, 8, 3])], 0);

        Assert.Equal([7, 8, 3], batch.Source!.Tokens);
    }

    [Fact]
    public void ForcedIdsAreReadAndForetold()
    {
        var objective = new TranslationObjective(new TranslationFrame(1, 2) { ForcedFirst = [9, 8] });

        TrainingBatch batch = objective.Batch([new(0, [5], [7])], 0);

        Assert.Equal([1, 9, 8, 5], batch.Target.Tokens);
        Assert.Equal([9, 8, 5, 2], batch.Targets);
        Assert.Equal(3, objective.ExtraRows);
    }

    [Fact]
    public void ATranslationWithoutASourceIsTold() =>
        Assert.Throws<InvalidInputException>(() => new TranslationObjective(new TranslationFrame(1, 2)).Batch([new(4, [5])], 0));

    [Fact]
    public void LabelsBelongToSequences()
    {
        TrainingBatch batch = new LabelObjective(3).Batch([new(0, [5, 6], Label: 2), new(1, [7], Label: 0)], 0);

        Assert.Equal([5, 6, 7], batch.Target.Tokens);
        Assert.Equal([0, 1], batch.OutputRows);
        Assert.Equal([2, 0], batch.Targets);
    }

    [Theory]
    [InlineData(-1, "no label")]
    [InlineData(3, "label 3")]
    public void ALabelThatIsNoClassIsTold(int label, string found)
    {
        var error = Assert.Throws<InvalidInputException>(() => new LabelObjective(3).Batch([new(8, [5], Label: label)], 0));

        Assert.Equal(("example 8", found, "a label from 0 to 2"), (error.Place, error.Found, error.Expected));
    }
}
