using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Runtime.Tests.Models;

public sealed class EncoderTextTests
{
    private static readonly PoolingDescription Plain = new(PoolingKind.Mean, Normalize: false);

    [Fact]
    public void TextsAreFramedForTheModel()
    {
        using var model = new FakeEncoder(tokenizer: new BracketTokenizer());
        Assert.Equal(model.Encode([8, 1, 2, 8]), model.Encode("12"));
        Assert.Equal(model.Encode([8, 1, 2, 8, 3, 8], [0, 0, 0, 0, 1, 1]), model.Encode("12", "3"));
        Assert.Equal(model.Embed([new EncoderInput([8, 1, 8]), new EncoderInput([8, 8])], Plain), model.Embed(["1", ""], Plain));
        Assert.Equal(model.Embed(["1"])[0], model.Embed("1"));
        Assert.Equal(model.Classify([new EncoderInput([8, 1, 8, 2, 8], [0, 0, 0, 1, 1])])[0], model.Classify("1", "2"));
    }

    [Fact]
    public void ModelWithoutTypesIsGivenNone()
    {
        using var model = new FakeEncoder(FakeEncoder.Architecture with { TokenTypes = 0 }, new BracketTokenizer());
        Assert.Equal(-1, model.Encode("12", "3")[1]);
    }

    [Fact]
    public void MaskOfATextIsFilled()
    {
        using var model = new FakeEncoder(tokenizer: new BracketTokenizer());
        MaskedToken masked = Assert.Single(model.FillMask("1?", top: 2));
        Assert.Equal(2, masked.Position);
        Assert.Equal(["3", "7"], masked.Candidates.Select(candidate => candidate.Text));
        Assert.Contains("Write it where a token is to be guessed: ?.", Assert.Throws<InvalidInputException>(() => model.FillMask("12")).Message, StringComparison.Ordinal);
        // Elsewhere nobody can write a special token.
        Assert.Equal(model.Encode([8, 1, 0, 8]), model.Encode("1?"));
    }

    [Fact]
    public void TextThatIsTooLongIsRefusedWithItsPlace()
    {
        using var model = new FakeEncoder(tokenizer: new BracketTokenizer());
        string message = Assert.Throws<InvalidInputException>(() => model.Embed(["1", new string('1', 19)])).Message;
        Assert.Contains("tokens: sequence 1: found 21 tokens; expected at most 20", message, StringComparison.Ordinal);
    }
}
