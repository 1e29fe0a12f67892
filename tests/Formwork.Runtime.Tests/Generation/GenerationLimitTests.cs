using Formwork.Runtime.Generation;
using Formwork.Runtime.Tokenization;
using Xunit;

namespace Formwork.Runtime.Tests.Generation;

public class GenerationLimitTests
{
    [Theory]
    // The prompt has 3 tokens and a begin token before it, the context 10: the last new token is not read, so 7 are possible.
    [InlineData(null, null, "abcdefg", FinishReason.Context)]
    [InlineData(2, null, "ab", FinishReason.Length)]
    [InlineData(0, null, "", FinishReason.Length)]
    [InlineData(7, null, "abcdefg", FinishReason.Length)]
    [InlineData(8, null, "abcdefg", FinishReason.Context)]
    [InlineData(null, 5, "ab", FinishReason.Length)]
    [InlineData(null, 3, "", FinishReason.Length)]
    [InlineData(null, 1, "", FinishReason.Length)]
    [InlineData(null, 10, "abcdefg", FinishReason.Length)]
    [InlineData(null, 11, "abcdefg", FinishReason.Context)]
    [InlineData(3, 5, "ab", FinishReason.Length)]
    [InlineData(1, 5, "a", FinishReason.Length)]
    [InlineData(int.MaxValue, int.MaxValue, "abcdefg", FinishReason.Context)]
    public void TightestLimitEnds(int? maxTokens, int? maxLength, string expected, FinishReason reason)
    {
        var statistics = new GenerationStatistics();
        var source = new ScriptedSource("abcdefghijklmnop", context: 10);
        var text = TextGeneratorTests.Run(source, "xyz", new() { MaxTokens = maxTokens, MaxLength = maxLength, Statistics = statistics });
        Assert.Equal(expected, text);
        Assert.Equal(reason, statistics.FinishReason);
        Assert.Equal(expected.Length, statistics.NewTokens);
        Assert.Equal(expected.Length, source.Calls.Count);
    }

    [Theory]
    [InlineData("xyz", 0, "")]
    [InlineData("xyz", 2, "xy")]
    [InlineData("xyz", 3, "xyz")]
    [InlineData("xyz", 4, "xyza")]
    [InlineData("ü", 1, "\uFFFD")]
    public void MaxLengthCutsAnEchoedPromptAsLlama2CDoes(string prompt, int maxLength, string expected) =>
        Assert.Equal(expected, TextGeneratorTests.Run(new ScriptedSource("abc"), prompt, new() { MaxLength = maxLength, EchoPrompt = true }));

    [Fact]
    public void MaxLengthBelowThePromptGivesNothingWithoutEcho() =>
        Assert.Equal("", TextGeneratorTests.Run(new ScriptedSource("abc"), "ü", new() { MaxLength = 1 }));

    [Fact]
    public void PromptMayFillTheContextToTheLastToken()
    {
        Assert.Equal("a", TextGeneratorTests.Run(new ScriptedSource("abc", context: 4), "xyz", new()));
        var error = Assert.Throws<InvalidInputException>(() => TextGeneratorTests.Generator(new ScriptedSource("abc", context: 3)).Generate("xyz"));
        Assert.Equal("prompt: found 4 tokens; expected at most 3: the model's context is 3 tokens. Shorten the prompt, or use a model with a longer context.", error.Message);
    }

    [Fact]
    public void PromptMustFitWhatASequenceUnderWayLeaves()
    {
        var source = new ScriptedSource("abcdef", context: 6);
        TextGeneratorTests.Run(source, "x", new() { MaxTokens = 3 });
        var error = Assert.Throws<InvalidInputException>(() => TextGeneratorTests.Generator(source).Generate("xyz"));
        Assert.Contains("found 3 tokens; expected at most 2: the model's context is 6 tokens, of which 4 are taken", error.Message);
        Assert.Equal("d", TextGeneratorTests.Run(source, "yz", new()));
    }

    [Fact]
    public void EmptyPromptWithoutBeginTokenIsRefused()
    {
        var generator = new TextGenerator(new ScriptedSource("a"), new ByteTokenizer(), ByteTokenizer.WithoutBegin);
        var error = Assert.Throws<InvalidInputException>(() => generator.Generate(""));
        Assert.Equal("prompt: found no tokens; expected at least one, as no begin token is put before it. Give a prompt.", error.Message);
    }

    [Fact]
    public void TokensTheModelDoesNotKnowAreRefused()
    {
        var source = new ScriptedSource("a");
        var error = Assert.Throws<InvalidInputException>(() => new TextGenerator(source, new StrangeTokenizer(), ByteTokenizer.WithBegin).Generate("x"));
        Assert.Contains("prompt: token 1: found id 300; expected an id from 0 to 257", error.Message);
        error = Assert.Throws<InvalidInputException>(() => new TextGenerator(source, new ByteTokenizer(), ByteTokenizer.WithBegin with { BeginToken = 258 }).Generate("x"));
        Assert.Contains("tokenizer: begin: found 258; expected an id from 0 to 257", error.Message);
        Assert.Empty(source.Calls);
    }

    public static TheoryData<string, GenerationOptions, string> Wrong => new()
    {
        { "MaxTokens", new() { MaxTokens = -1 }, "found -1; expected 0 or more tokens" },
        { "MaxLength", new() { MaxLength = -7 }, "found -7; expected 0 or more tokens" },
        { "StopStrings[1]", new() { StopStrings = ["a", ""] }, "found an empty text" },
        { "StopStrings[0]", new() { StopStrings = [null!] }, "found an empty text" },
        { "StopStrings[0]", new() { StopStrings = ["a\uDE00"] }, "character 1: found half a surrogate pair, U+DE00" },
        { "StopStrings[0]", new() { StopStrings = ["😀\uD83D"] }, "character 2: found half a surrogate pair, U+D83D" },
        { "Temperature", new() { Sampling = new() { Temperature = -1 } }, "found -1" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WrongOptionIsNamedBeforeAnythingRuns(string option, GenerationOptions options, string message)
    {
        var source = new ScriptedSource("a");
        var error = Assert.Throws<InvalidInputException>(() => TextGeneratorTests.Generator(source).Generate("x", options));
        Assert.Equal(option, error.InputSource);
        Assert.Contains(message, error.Message);
        error = Assert.Throws<InvalidInputException>(() => TextGeneratorTests.Generator(source).GenerateAsync("x", options));
        Assert.Equal(option, error.InputSource);
        Assert.Empty(source.Calls);
    }

    private sealed class StrangeTokenizer : TextTokenizer
    {
        public override int VocabularySize => 301;

        public override IReadOnlyList<int> Encode(string text) => [1, 300];

        public override TokenTextStream NewStream() => new ByteTokenizer().NewStream();
    }
}
