using CsCheck;
using Formwork.Runtime;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class ExampleBatchesTests
{
    private static readonly Objective Translation = new TranslationObjective(new TranslationFrame(900, 901));

    [Fact]
    public void StepsTakeTheBatchesOfAnEpochOneAfterTheOther() =>
        Gen.Select(RandomSets.Lengths, Gen.Int[1, 4], Gen.Int[0, 9]).Sample((lengths, accumulation, seed) =>
        {
            var data = new ExampleBatches(RandomSets.Pairs(lengths), Translation, new BatchLimits { Rows = 30 }, seed, accumulation);
            int count = data.Batches.Count;

            var firsts = Enumerable.Range(0, count).SelectMany(number => Sources(data.Batch(number / accumulation + 1, number % accumulation)));

            // Each source begins with its example's number.
            Assert.Equal(Enumerable.Range(0, lengths.Length), firsts.Order());
        }, iter: 200);

    [Fact]
    public void ARunThatIsResumedSeesWhatItWouldHaveSeen() => Gen.Select(RandomSets.Lengths, Gen.Int[0, 9], Gen.Long[1, 1L << 40], Gen.Int[0, 2]).Sample((lengths, seed, step, micro) =>
    {
        ExampleBatches Data() => new(RandomSets.Pairs(lengths), Translation, new BatchLimits { Rows = 30 }, seed, accumulation: 3);
        ExampleBatches running = Data();
        running.Batch(1, 0);

        Assert.Equal(RandomSets.Text(running.Batch(step, micro)), RandomSets.Text(Data().Batch(step, micro)));
    }, iter: 100);

    [Fact]
    public void TheSameWordsAreHiddenOtherwiseInEveryEpochAndAlwaysAlikeInEvaluations()
    {
        ExampleBatches Data(int seed) => new(RandomSets.Letters("abcdefghijklmnopqrst"), new MaskedLanguageObjective(MaskedLanguageOptions.Of(new LetterTokenizer())), new BatchLimits(), seed);

        Assert.Equal(5, Enumerable.Range(1, 5).Select(step => RandomSets.Text(Data(0).Batch(step, 0))).Distinct().Count());
        Assert.Equal(Data(0).EvaluationBatches().Select(RandomSets.Text), Data(1).EvaluationBatches().Select(RandomSets.Text));
        Assert.NotEqual(RandomSets.Text(Data(0).Batch(1, 0)), RandomSets.Text(Data(1).Batch(1, 0)));
    }

    [Fact]
    public void AnEvaluationHasEveryExampleOnceOrBatchesOfAllLengths()
    {
        (int, int)[] lengths = [.. Enumerable.Range(0, 50).Select(example => (1 + example % 9, 1 + example % 9))];
        var all = new ExampleBatches(RandomSets.Pairs(lengths), Translation, new BatchLimits { Sequences = 5 });
        var some = new ExampleBatches(RandomSets.Pairs(lengths), Translation, new BatchLimits { Sequences = 5 }, evaluationLimit: 3);

        Assert.Equal(Enumerable.Range(0, 50), all.EvaluationBatches().SelectMany(Sources).Order());
        Assert.Equal(all.EvaluationBatches().Select(RandomSets.Text).Where((_, index) => index is 0 or 3 or 6), some.EvaluationBatches().Select(RandomSets.Text));
    }

    [Fact]
    public void StepsBeginAtOneAndHaveAsManyBatchesAsTheyWereGiven()
    {
        var data = new ExampleBatches(RandomSets.Letters("abc"), new CausalObjective(), new BatchLimits(), accumulation: 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => data.Batch(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Batch(1, 2));
    }

    [Fact]
    public void TranslationNeedsPairs() =>
        Assert.Equal("pairs", Assert.Throws<InvalidInputException>(() => new ExampleBatches(RandomSets.Letters("abc"), Translation, new BatchLimits())).Expected);

    [Fact]
    public void LabelsGoWithTheirSequences()
    {
        var list = new TokenList(31);
        foreach (string text in (string[])["abc", "a", "ab"])
        {
            list.Add(LetterTokenizer.Ids(text));
            list.EndSequence();
        }
        var data = new ExampleBatches(new SequenceSet(list, [2, 0, 1], 1..), new LabelObjective(3), new BatchLimits());

        TrainingBatch batch = Assert.Single(data.EvaluationBatches());

        Assert.Equal([1, 2], batch.Target.Lengths);
        Assert.Equal([0, 1], batch.Targets);
        Assert.Throws<InvalidInputException>(() => new SequenceSet(list, [1, 2]));
    }

    private static IEnumerable<int> Sources(TrainingBatch batch)
    {
        int at = 0;
        foreach (int length in batch.Source!.Lengths)
        {
            yield return batch.Source.Tokens[at];
            at += length;
        }
    }
}
