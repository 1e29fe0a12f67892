using Formwork.Runtime.Tokenization;
using Xunit;

namespace Formwork.Runtime.Tests.Tokenization;

public class CharacterTokenizerTests
{
    [Fact]
    public void EachScalarIsOneId()
    {
        using var folder = new TokenizerFolder();
        TextTokenizer tokenizer = folder.With("characters.json", """{"a": 0, "é": 1, "😀": 2, "\n": 3, "<eos>": 4}""").Load(TokenizerKind.Characters);
        Assert.Equal([0, 2, 1, 3], tokenizer.Encode("a😀é\n"));
        Assert.Equal("a😀é\n", tokenizer.Decode([0, 2, 1, 3, 4]));
        Assert.Equal([0, 4], tokenizer.Encode("a<eos>", allowSpecial: true));
        Assert.Equal("<eos>", tokenizer.WrittenForm(4));
    }

    [Fact]
    public void AnUnknownCharacterIsNamed()
    {
        using var folder = new TokenizerFolder();
        TextTokenizer tokenizer = folder.With("characters.json", """{"token2id": {"a": 0}, "other": [1]}""").Load(TokenizerKind.Characters);
        Assert.Contains("character 2: found 'b' (U+0062)", Assert.Throws<InvalidInputException>(() => tokenizer.Encode("ab")).Message);
    }
}
