using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Formwork.Training.Tokenization;
using Xunit;

namespace Formwork.Training.Tests.Tokenization;

public class TrainedBpeTests
{
    private static readonly string[] Texts = ["The dog's bone isn't here, 123 times!", "Über die Straße läuft ein Hund.", "  two  spaces\n\nand\tlines ", "naïve café 😀😀 日本語", "the the the dog dog"];

    [Fact]
    public void ItsFilesAreTheSameTokenizer()
    {
        using var folder = new TemporaryFolder();
        TrainedBpe trained = Train(new WordCounts(), new BpeTrainingOptions { VocabularySize = 330, SpecialTokens = [new("<s>"), new("</s>")], SpecialTokensLast = true });
        trained.Save(folder.Path);
        TextTokenizer pair = Load(folder, TokenizerKind.ByteBpe), json = Load(folder, TokenizerKind.TokenizerJson);

        Assert.Equal(trained.Forms.Count, json.VocabularySize);
        Assert.Equal(trained.Forms.Count, pair.VocabularySize);
        Assert.Equal(trained.SpecialId("</s>"), json.SpecialTokens["</s>"]);
        Assert.Equal(json.SpecialTokens.ToHashSet(), pair.SpecialTokens.ToHashSet());
        foreach (string text in Texts)
        {
            IReadOnlyList<int> tokens = json.Encode(text);
            Assert.Equal(tokens, pair.Encode(text));
            Assert.Equal(text, json.Decode(tokens));
        }
        Assert.Single(json.Encode(" dog"));
        Assert.All(Enumerable.Range(0, trained.Forms.Count), id => Assert.Equal(trained.Forms[id], json.WrittenForm(id)));
    }

    [Fact]
    public void EveryWordOfTheTrainingTextIsMergedAsInTraining()
    {
        // With room for all merges, each frequent word is one token in the end.
        using var folder = new TemporaryFolder();
        Train(new WordCounts(), new BpeTrainingOptions { VocabularySize = 2000, MinimumFrequency = 1 }).Save(folder.Path);
        TextTokenizer tokenizer = Load(folder, TokenizerKind.TokenizerJson);
        var words = new WordCounts();
        words.AddTexts(Texts);
        Assert.All(words.Counts.Keys, word => Assert.Single(tokenizer.Encode(word)));
    }

    [Fact]
    public void LowerCaseAndTheSpaceInFrontAreInTheFile()
    {
        using var folder = new TemporaryFolder();
        TrainedBpe trained = Train(new WordCounts { Lowercase = true, SpaceInFront = true }, new BpeTrainingOptions { VocabularySize = 330 });
        trained.Save(folder.Path);
        TextTokenizer tokenizer = Load(folder, TokenizerKind.TokenizerJson);
        Assert.Equal(tokenizer.Encode(" the dog"), tokenizer.Encode("THE Dog"));
        Assert.Equal(2, tokenizer.Encode("THE dog").Count);
        Assert.Equal("the dog", tokenizer.Decode(tokenizer.Encode("THE dog")));
        Assert.Equal(" the dog", tokenizer.Decode(tokenizer.Encode("  the dog")));
        Assert.DoesNotContain(trained.Merges, merge => (merge.Left + merge.Right).Any(char.IsAsciiLetterUpper));
    }

    [Fact]
    public void TheFrameAndTheRolesAreInTheFiles()
    {
        using var folder = new TemporaryFolder();
        var options = new BpeTrainingOptions
        {
            VocabularySize = 300,
            SpecialTokens = [new("<pad>", SpecialTokenRole.Pad), new("<cls>", SpecialTokenRole.Cls), new("<sep>", SpecialTokenRole.Sep), new("<hide>", SpecialTokenRole.Mask)],
            FrameBegin = "<cls>",
            FrameEnd = "<sep>",
        };
        Train(new WordCounts(), options).Save(folder.Path);
        TextTokenizer tokenizer = Load(folder, TokenizerKind.TokenizerJson);
        TokenizedText framed = tokenizer.EncodeForModel("a", "b");
        Assert.Equal([1, tokenizer.Encode("a")[0], 2, tokenizer.Encode("b")[0], 2], framed.Ids);
        Assert.Equal([0, 0, 0, 1, 1], framed.TypeIds);
        Assert.Equal((0, 1, 2, 3), (tokenizer.PadToken, tokenizer.ClsToken, tokenizer.SepToken, tokenizer.MaskToken));
    }

    private static TrainedBpe Train(WordCounts words, BpeTrainingOptions options)
    {
        words.AddTexts(Texts);
        return BpeTrainer.Train(words, options);
    }

    private static TextTokenizer Load(TemporaryFolder folder, TokenizerKind kind) =>
        TokenizerLoader.Load(new TokenizerDescription(kind, null, null, null, []), folder.Path)!;
}
