using CsCheck;
using Formwork.Runtime;
using Formwork.TestSupport;
using Formwork.Training.Tokenization;
using Xunit;

namespace Formwork.Training.Tests.Tokenization;

public class BpeTrainerTests
{
    // Few letters, so that pairs overlap (aaa) and several ways lead to one token; spaces and two-byte letters too.
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char["ab"], 0, 60],
        Gen.String[Gen.Char["aab "], 0, 60],
        Gen.String[Gen.Char["abcde é,1'st\n"], 0, 60]);

    [Fact]
    public void MergesAreThoseOfTheDefinition() =>
        Gen.Select(Texts.List[1, 12], Gen.Int[0, 60], Gen.Long[1, 3]).Sample((texts, merges, minimum) =>
        {
            var words = new WordCounts();
            words.AddTexts(texts);
            TrainedBpe trained = BpeTrainer.Train(words, new BpeTrainingOptions { VocabularySize = 256 + merges, MinimumFrequency = minimum });
            Assert.Equal(NaiveBpe.Train(words.Counts, merges, minimum), trained.Merges);
        }, iter: 400);

    [Fact]
    public void SennrichsExample()
    {
        // The words of Sennrich et al. 2016, algorithm 1, without its mark at a word's end, so that "es" and "st" are as frequent: "es" has the smaller ids.
        IEnumerable<string> texts = new[] { ("low", 5), ("lower", 2), ("newest", 6), ("widest", 3) }.SelectMany(word => Enumerable.Repeat(word.Item1, word.Item2));
        Assert.Equal([("e", "s"), ("es", "t"), ("l", "o"), ("lo", "w")], Train(texts, 4).Merges);
    }

    [Fact]
    public void EqualCountsMergeTheSmallerIds()
    {
        TrainedBpe trained = Train(["dc", "dc", "ab", "ab"], 2);
        Assert.Equal([("a", "b"), ("d", "c")], trained.Merges);
    }

    [Fact]
    public void OverlappingPairsMergeFromTheLeft()
    {
        TrainedBpe trained = Train(["aaaaa", "aaaaa"], 3);
        Assert.Equal([("a", "a"), ("aa", "a"), ("aa", "aaa")], trained.Merges);
    }

    [Fact]
    public void RarePairsAreNotMerged() => Assert.Empty(Train(["abc"], 10).Merges);

    [Fact]
    public void SpecialTokensComeFirstOrLast()
    {
        var words = new WordCounts();
        words.AddText("aa aa");
        SpecialToken[] special = [new("<s>"), new("</s>")];
        TrainedBpe first = BpeTrainer.Train(words, new BpeTrainingOptions { VocabularySize = 259, SpecialTokens = special });
        TrainedBpe last = BpeTrainer.Train(words, new BpeTrainingOptions { VocabularySize = 259, SpecialTokens = special, SpecialTokensLast = true });

        Assert.Equal(["<s>", "</s>", "!"], first.Forms.Take(3));
        Assert.Equal(259, first.Forms.Count);
        Assert.Equal(1, first.SpecialId("</s>"));
        Assert.Equal(["aa", "<s>", "</s>"], last.Forms.TakeLast(3));
        Assert.Equal(258, last.SpecialId("</s>"));
    }

    [Fact]
    public void NoMergeMakesASpecialToken()
    {
        var words = new WordCounts();
        words.AddTexts(Enumerable.Repeat("<s>", 9));
        TrainedBpe trained = BpeTrainer.Train(words, new BpeTrainingOptions { VocabularySize = 300, SpecialTokens = [new("s>")] });
        Assert.DoesNotContain(("s", ">"), trained.Merges);
        Assert.Equal(trained.Forms.Count, trained.Forms.Distinct().Count());
    }

    [Fact]
    public void TooSmallAVocabularyIsTold()
    {
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => Train(["a"], -1));
        Assert.Equal("vocabulary: found 255 ids; expected 256 or more: 256 bytes and 0 special tokens. Ask for a larger vocabulary.", error.Message);
    }

    [Theory]
    [InlineData("x", "'x'")]
    [InlineData("<s>", "<s> twice")]
    public void WrongSpecialTokensAreTold(string form, string found)
    {
        var options = new BpeTrainingOptions { VocabularySize = 300, SpecialTokens = [new(form), new(form)] };
        Assert.Equal(found, Assert.Throws<InvalidInputException>(() => BpeTrainer.Train(new WordCounts(), options)).Found);
    }

    [Fact]
    public void AFrameMustBeASpecialToken()
    {
        var options = new BpeTrainingOptions { VocabularySize = 300, FrameEnd = "</s>" };
        Assert.Equal("no </s>", Assert.Throws<InvalidInputException>(() => BpeTrainer.Train(new WordCounts(), options)).Found);
    }

    [DataFact("multi30k/val.en.gz", "multi30k/val.de.gz")]
    public void AJointVocabularyOfRealTextIsTheDefinitions()
    {
        var words = new WordCounts { Lowercase = true };
        words.AddLines(TestData.Path("multi30k", "val.en.gz"));
        words.AddLines(TestData.Path("multi30k", "val.de.gz"));
        TrainedBpe trained = BpeTrainer.Train(words, new BpeTrainingOptions { VocabularySize = 256 + 150 });
        Assert.Equal(150, trained.Merges.Count);
        Assert.Equal(NaiveBpe.Train(words.Counts, 150, 2), trained.Merges);
    }

    private static TrainedBpe Train(IEnumerable<string> texts, int merges)
    {
        var words = new WordCounts();
        words.AddTexts(texts);
        return BpeTrainer.Train(words, new BpeTrainingOptions { VocabularySize = 256 + merges });
    }
}
