using Formwork.Runtime.Tokenization;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class MarianTokenizerTests
{
    private static readonly TokenizerDescription Description = new(TokenizerKind.Marian, null, null, null, []);

    private static TokenizerFolder Folder(string vocabulary = """{"</s>": 0, "<unk>": 1, "▁a": 2, "▁b": 3, "▁chat": 4, "s": 5, ">>fra<<": 6, ">>deu<<": 7, "▁": 8, "<pad>": 9}""")
    {
        SentencePieceFile source = new SentencePieceFile { Algorithm = 1, RemoveExtraSpaces = true }.Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3).Piece("\u2581", -3).Piece("\u2581a", -1).Piece("\u2581b", -1).Piece("a", -2);
        SentencePieceFile target = new SentencePieceFile { Algorithm = 1 }.Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3).Piece("s", -3).Piece("\u2581chat", -1);
        return new TokenizerFolder().With("source.spm", source.Bytes()).With("target.spm", target.Bytes()).With("vocab.json", vocabulary);
    }

    [Fact]
    public void SourcesAreCutByTheirModelAndEndedAndIdsAreTheVocabularys()
    {
        using TokenizerFolder folder = Folder();
        TextTokenizer source = TokenizerLoader.Load(Description, folder.Path)!;
        Assert.Equal([2, 3, 0], source.EncodeForModel("a b").Ids);
        Assert.Equal([2, 3], source.Encode("a b"));
        // a is a piece that the vocabulary lacks, x is none.
        Assert.Equal([2, 1, 1], source.Encode("aax"));
        Assert.Equal((9, 1, 10), (source.PadToken, source.UnknownToken, source.VocabularySize));
    }

    [Fact]
    public void ATextMayBeginWithTheLanguageToTranslateTo()
    {
        using TokenizerFolder folder = Folder();
        TextTokenizer source = TokenizerLoader.Load(Description, folder.Path)!;
        Assert.Equal([6, 2, 0], source.EncodeForModel(">>fra<< a").Ids);
        Assert.Equal([7, 2, 0], source.EncodeForModel(">>deu<<a").Ids);
        string message = Assert.Throws<InvalidInputException>(() => source.EncodeForModel(">>xyz<< a")).Message;
        Assert.Contains("language: found '>>xyz<<'; expected >>deu<< >>fra<<", message);
        // Only at the beginning, unless the caller allows it.
        Assert.DoesNotContain(6, source.Encode("a >>fra<<"));
        Assert.Contains(6, source.Encode("a >>fra<<", allowSpecial: true));
    }

    [Fact]
    public void TheTargetsTokenizerDecodesAndEncodesWhatIsWritten()
    {
        using TokenizerFolder folder = Folder();
        Assert.True(TokenizerLoader.HasOwnTarget(Description));
        TextTokenizer target = TokenizerLoader.LoadTarget(Description, folder.Path)!;
        Assert.Equal("chats b", target.Decode([9, 4, 5, 3, 0]));
        Assert.Equal([4, 5], target.Encode("chats"));
        Assert.Equal("chats", target.Decode([4, 5, 8]));
        TextTokenizer source = TokenizerLoader.Load(Description, folder.Path)!;
        Assert.Equal("a chat", source.Decode([2, 4, 0]));
    }

    [Fact]
    public void ATargetMayHaveAVocabularyOfItsOwn()
    {
        using TokenizerFolder folder = Folder();
        folder.With("target_vocab.json", """{"<unk>": 0, "</s>": 1, "▁chat": 2}""");
        Assert.Equal([2], TokenizerLoader.LoadTarget(Description, folder.Path)!.Encode("chat"));
        Assert.Equal([2], TokenizerLoader.Load(Description, folder.Path)!.Encode("a"));
    }

    [Fact]
    public void OtherKindsHaveOneTokenizerForBoth()
    {
        using TokenizerFolder folder = new TokenizerFolder().With("vocab.json", """{"a": 0}""");
        var words = new TokenizerDescription(TokenizerKind.Words, null, null, null, []);
        Assert.False(TokenizerLoader.HasOwnTarget(words));
        Assert.Equal([0], TokenizerLoader.LoadTarget(words, folder.Path)!.Encode("a"));
    }

    [Theory]
    [InlineData("""{"</s>": 0, "a": 1}""", "found no <unk>")]
    [InlineData("""{"<unk>": 0, "a": 1}""", "found no </s>")]
    public void AVocabularyWithoutItsTokensIsRefused(string vocabulary, string expected)
    {
        using TokenizerFolder folder = Folder(vocabulary);
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => TokenizerLoader.Load(Description, folder.Path)).Message);
    }

    [Fact]
    public void AMissingModelIsNamed()
    {
        using TokenizerFolder folder = new TokenizerFolder().With("vocab.json", "{}");
        Assert.Contains("expected source.spm", Assert.Throws<InvalidInputException>(() => TokenizerLoader.Load(Description, folder.Path)).Message);
        Assert.Contains("expected target.spm", Assert.Throws<InvalidInputException>(() => TokenizerLoader.LoadTarget(Description, folder.Path)).Message);
    }
}
