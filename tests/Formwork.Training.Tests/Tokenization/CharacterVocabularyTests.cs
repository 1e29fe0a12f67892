using Formwork.Runtime;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;
using Formwork.Training.Tokenization;
using Xunit;

namespace Formwork.Training.Tests.Tokenization;

public class CharacterVocabularyTests
{
    [Fact]
    public void CharactersAreSortedAndLoadAsATokenizer()
    {
        using var folder = new TemporaryFolder();
        CharacterVocabulary vocabulary = CharacterVocabulary.Of(folder.Write("a.txt", "ba\n😀\"é"u8), "<unk>");
        vocabulary.Save(folder.File(CharacterVocabulary.FileName));
        TextTokenizer tokenizer = TokenizerLoader.Load(new TokenizerDescription(TokenizerKind.Characters, null, null, null, []), folder.Path)!;

        Assert.Equal(["<unk>", "\n", "\"", "a", "b", "é", "😀"], vocabulary.Forms);
        Assert.Equal([4, 3, 1, 6, 2, 5, 0], tokenizer.Encode("ba\n😀\"éx"));
    }

    [Fact]
    public void SeveralFilesOfLinesHaveOneVocabularyWithoutLineEnds()
    {
        using var folder = new TemporaryFolder();
        string[] files = [folder.Write("a.txt", "ba\n"u8), folder.Write("b.txt", "ca\r\n"u8)];
        Assert.Equal(["<s>", "a", "b", "c"], CharacterVocabulary.Of(files, keepLineEnds: false, "<s>").Forms);
        Assert.Equal(["\n", "\r", "a", "b", "c"], CharacterVocabulary.Of(files, keepLineEnds: true).Forms);
    }

    [DataFact("tinyshakespeare/input.txt")]
    public void ShakespeareHasSixtyFive() =>
        // nanoGPT's data/shakespeare_char/prepare.py prints its vocabulary's size and characters.
        Assert.Equal("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", string.Concat(CharacterVocabulary.Of(TestData.Path("tinyshakespeare", "input.txt")).Forms));

    [Fact]
    public void AnEmptyTextIsTold()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("an empty file", Assert.Throws<InvalidInputException>(() => CharacterVocabulary.Of(folder.Write("a.txt", []))).Found);
    }
}
