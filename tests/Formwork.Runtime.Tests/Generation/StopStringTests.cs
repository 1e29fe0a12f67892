using CsCheck;
using Formwork.Runtime.Generation;
using Xunit;

namespace Formwork.Runtime.Tests.Generation;

public class StopStringTests
{
    [Theory]
    [InlineData("one two three", "two", "one ")]
    [InlineData("one two three", "one", "")]
    [InlineData("one two three", "four", "one two three")]
    [InlineData("one two three", "three!", "one two three")]
    [InlineData("aaab", "aab", "a")]
    [InlineData("ababac", "abac", "ab")]
    [InlineData("say 😀 now", "😀", "say ")]
    [InlineData("say 😀 now", "😁", "say 😀 now")]
    [InlineData("Stop", "stop", "Stop")]
    public void TextBeforeTheStopStringIsGivenAndNothingOfIt(string reply, string stop, string expected)
    {
        var statistics = new GenerationStatistics();
        Assert.Equal(expected, TextGeneratorTests.Run(new ScriptedSource(reply), "x", new() { StopStrings = [stop], Statistics = statistics }));
        Assert.Equal(expected == reply ? FinishReason.EndToken : FinishReason.StopString, statistics.FinishReason);
    }

    [Fact]
    public void OnlyTextThatMayBeginAStopStringIsHeldBack() =>
        Assert.Equal(["a", "b", "c1", "cd"], TextGeneratorTests.Generator(new ScriptedSource("abc1cd")).Generate("x", new() { StopStrings = ["c2", "zz"], MaxTokens = 6 }));

    [Fact]
    public void NoTokenIsComputedAfterTheStopString()
    {
        var source = new ScriptedSource("one. two");
        TextGeneratorTests.Run(source, "x", new() { StopStrings = ["."] });
        Assert.Equal(4, source.Calls.Count);
    }

    [Fact]
    public void TextHeldBackIsGivenAtTheLimit() =>
        Assert.Equal("one\n", TextGeneratorTests.Run(new ScriptedSource("one\n\ntwo"), "x", new() { StopStrings = ["\n\n"], MaxTokens = 4 }));

    [Fact]
    public void PromptIsNotSearched() =>
        Assert.Equal("stop it", TextGeneratorTests.Run(new ScriptedSource(" it"), "stop", new() { StopStrings = ["stop"], EchoPrompt = true }));

    [Theory]
    [InlineData("bc", "abcd", "a")]
    [InlineData("c", "abc", "")]
    [InlineData("abc", "bc", "")]
    public void StringThatIsCompleteFirstCountsAndTheLongestOfThose(string one, string other, string expected)
    {
        Assert.Equal(expected, Cut("abcd", [4], [one, other]));
        Assert.Equal(expected, Cut("abcd", [1, 1, 1, 1], [other, one]));
    }

    [Fact]
    public void ResultDoesNotDependOnHowTheTextIsCut()
    {
        var text = Gen.Char['a', 'c'].Array[0, 30].Select(letters => new string(letters));
        var stops = Gen.Char['a', 'c'].Array[1, 4].Select(letters => new string(letters)).Array[1, 3];
        Gen.Select(text, stops, Gen.Int[1, 5].Array[30]).Sample((full, strings, lengths) =>
            Assert.Equal(Definition(full, strings), Cut(full, lengths, strings)));
    }

    /// <summary>Letter by letter: at the first end of a stop string, the text before the longest that ends there.</summary>
    private static string Definition(string text, string[] stops)
    {
        for (var end = 1; end <= text.Length; end++)
        {
            var found = stops.Where(stop => text[..end].EndsWith(stop, StringComparison.Ordinal)).ToArray();
            if (found.Length > 0)
                return text[..(end - found.Max(stop => stop.Length))];
        }
        return text;
    }

    private static string Cut(string text, int[] lengths, string[] stops)
    {
        var filter = new StopStringFilter(stops);
        var (result, start) = ("", 0);
        foreach (var length in lengths)
        {
            var end = Math.Min(text.Length, start + length);
            result += filter.Append(text[start..end]);
            start = end;
        }
        return result + filter.Finish();
    }
}
