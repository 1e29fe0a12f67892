using System.IO.Compression;
using Formwork.Runtime;
using Formwork.TestSupport;
using Formwork.Training.Evaluation;
using Xunit;

namespace Formwork.Training.Tests.Evaluation;

public class BleuTests
{
    private static readonly string[] Translations = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."];
    private static readonly string[][] References =
    [
        ["The dog bit the man.", "It was not unexpected.", "The man bit him first."],
        ["The dog had bit the man.", "No one was surprised.", "The man had bitten the dog."],
    ];

    [Fact]
    public void TheExampleOfSacrebleusReadme()
    {
        // README.md and test/test_bleu.py of mjpost/sacrebleu.
        BleuScore score = Bleu.Corpus(Translations, References);
        Assert.Equal(48.530827, score.Score, 1e-6);
        Assert.Equal("BLEU|nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp = 48.53 82.4/50.0/45.5/37.5 (BP = 0.943 ratio = 0.944 hyp_len = 17 ref_len = 18)", score.ToString());
        Assert.Equal([14, 7, 5, 3], score.Matches);
        Assert.Equal([17, 14, 11, 8], score.Totals);
    }

    [Fact]
    public void EmptyTranslationsCountAsNothing()
    {
        // test/test_bleu.py: empty hypotheses are not removed.
        BleuScore score = Bleu.Corpus(["", "", ""], References);
        Assert.Equal((0, 0, 0), (score.Score, score.BrevityPenalty, score.Length));
    }

    [Theory]
    // test/test_sentence_bleu.py (issues 98 and 141): smoothing "exp" with 13a tokens.
    [InlineData("Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;", "producţia de zahăr brut se exprimă în zahăr alb;", 8.493)]
    [InlineData("this is a cat", "okay thanks", 0)]
    public void SentencesOfSacrebleusTests(string translation, string reference, double expected) =>
        Assert.Equal(expected, Bleu.Corpus([translation], [reference]).Score, 1e-3);

    // Real sentences: the German ones with every fifth word left out and every seventh in capitals, and French ones (hardly a match: smoothed).
    // Numbers of sacreBLEU's own formulas and expressions, run in Python.
    [DataTheory("multi30k")]
    [InlineData("2016", false, false, 31.672156726029804, "87.1/58.7/34.2/15.5", "0.781", 9704)]
    [InlineData("2016", false, true, 47.7906553157328, "99.7/79.0/55.9/31.9", "0.781", 9704)]
    [InlineData("2016", true, false, 0.4384843988595289, "8.1/0.3/0.2/0.1", "1.000", 13505)]
    [InlineData("2016", true, true, 0.5015061654105412, "8.8/0.4/0.2/0.1", "1.000", 13505)]
    [InlineData("2017", false, false, 32.48688135660996, "87.2/59.1/35.2/16.6", "0.780", 8616)]
    [InlineData("2017", false, true, 48.834311859949416, "99.7/79.7/57.2/33.8", "0.780", 8616)]
    [InlineData("2017", true, false, 0.04256494441331077, "6.7/0.0/0.0/0.0", "1.000", 12118)]
    [InlineData("2017", true, true, 0.05850289715323619, "7.4/0.1/0.0/0.0", "1.000", 12118)]
    public void WholeTestSetsScoreAsInSacrebleu(string year, bool french, bool lowercase, double score, string precisions, string penalty, int length)
    {
        string[] german = Lines(year, "de");
        BleuScore measured = Bleu.Corpus(french ? Lines(year, "fr") : [.. german.Select(Damaged)], german, lowercase);
        Assert.Equal(score, measured.Score, 1e-10);
        Assert.Contains($" {precisions} (BP = {penalty} ", measured.ToString());
        Assert.Equal(length, measured.Length);
        Assert.Contains(lowercase ? "case:lc" : "case:mixed", measured.Signature);
    }

    [Fact]
    public void OfSeveralReferencesTheNearestLengthCountsAndTheShorterOfTwo()
    {
        string[][] references = [["a b c d e f"], ["a b"], ["a b c d e f g h i"]];
        Assert.Equal(2, Bleu.Corpus(["a b c d"], references).ReferenceLength);
        Assert.Equal(6, Bleu.Corpus(["a b c d e f g"], references).ReferenceLength);
    }

    [Fact]
    public void ReferencesMayBeMissingInSomeSets()
    {
        BleuScore score = Bleu.Corpus(["a b c d e", "a b c d e"], [["a b c d e", "a b c d e"], ["", "x"]]);
        Assert.Equal(100, score.Score, 1e-9);
        Assert.StartsWith("nrefs:var|", score.Signature);
    }

    [Fact]
    public void ShortTranslationsWithoutFourGramsScoreZero() => Assert.Equal(0, Bleu.Corpus(["a b c"], ["a b c"]).Score);

    [Fact]
    public void UnequalCountsAndMissingReferencesAreTold()
    {
        Assert.Equal("references: found 1 sentences; expected 2, as many as translations. Take references that belong to the translations.",
            Assert.Throws<InvalidInputException>(() => Bleu.Corpus(["a", "b"], ["a"])).Message);
        Assert.Equal("sentence 2", Assert.Throws<InvalidInputException>(() => Bleu.Corpus(["a", "b"], ["a", ""])).Place);
        Assert.Equal("none", Assert.Throws<InvalidInputException>(() => Bleu.Corpus(["a"], Array.Empty<string[]>())).Found);
    }

    private static string Damaged(string line, int sentence) => string.Join(' ', line.Split(' ')
        .Select((word, index) => (Word: (sentence + index) % 7 == 0 ? word.ToUpperInvariant().Replace("ß", "SS") : word, Kept: (7 * sentence + 3 * index) % 5 != 0))
        .Where(word => word.Kept).Select(word => word.Word));

    private static string[] Lines(string year, string language)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(TestData.Path("multi30k", $"test_{year}_flickr.{language}.gz")), CompressionMode.Decompress));
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
