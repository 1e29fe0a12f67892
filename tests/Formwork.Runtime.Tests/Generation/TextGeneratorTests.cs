using Formwork.Runtime.Generation;
using Formwork.Runtime.Sampling;
using Xunit;

namespace Formwork.Runtime.Tests.Generation;

public class TextGeneratorTests
{
    [Fact]
    public void BeginTokenAndPromptAreReadAtOnceThenOneTokenAStep()
    {
        var source = new ScriptedSource("cat");
        Assert.Equal("cat", Run(source, "ab", new()));
        Assert.Equal([3, 1, 1, 1], source.Calls);
        Assert.Equal([ByteTokenizer.Begin, 'a', 'b', 'c', 'a', 't'], source.Fed);
    }

    [Fact]
    public void EveryPieceComesBeforeTheNextStep()
    {
        var source = new ScriptedSource("cat");
        var steps = new List<int>();
        foreach (var piece in Generator(source).Generate("ab", new() { EchoPrompt = true }))
            steps.Add(source.Calls.Count);
        Assert.Equal([0, 1, 2, 3], steps);
    }

    [Fact]
    public void EmptyPromptBeginsWithTheBeginToken()
    {
        var source = new ScriptedSource("cat");
        Assert.Equal("cat", Run(source, "", new() { EchoPrompt = true }));
        Assert.Equal(ByteTokenizer.Begin, source.Fed[0]);
    }

    [Fact]
    public void EchoComesFirstInTheSameStream() =>
        Assert.Equal(["ünder", "c", "a", "t"], Generator(new ScriptedSource("cat")).Generate("ünder", new() { EchoPrompt = true }));

    [Fact]
    public void PiecesNeverSplitACharacter() =>
        Assert.Equal(["a", "ß", "😀", "語", "!"], Generator(new ScriptedSource("aß😀語!")).Generate("x"));

    [Fact]
    public void CharacterCutOffByTheEndBecomesTheReplacementCharacter()
    {
        Assert.Equal(["a", "\uFFFD"], Generator(new ScriptedSource("a😀")).Generate("x", new() { MaxTokens = 4 }));
        Assert.Equal(["a", "\uFFFD"], Generator(new ScriptedSource(['a', 0xF0, ByteTokenizer.End])).Generate("x"));
    }

    [Fact]
    public void EndTokenEndsAndIsNotGivenOut()
    {
        var statistics = new GenerationStatistics();
        Assert.Equal("no", Run(new ScriptedSource(['n', 'o', ByteTokenizer.End, 'w']), "x", new() { Statistics = statistics }));
        Assert.Equal(FinishReason.EndToken, statistics.FinishReason);
        Assert.Equal(2, statistics.NewTokens);
    }

    [Fact]
    public void SequenceUnderWayIsContinuedWithoutAnotherBeginToken()
    {
        var source = new ScriptedSource("abcd");
        Run(source, "x", new() { MaxTokens = 2 });
        Assert.Equal("cd", Run(source, "yz", new()));
        Assert.Equal([ByteTokenizer.Begin, 'x', 'a', 'y', 'z', 'c', 'd'], source.Fed);
    }

    [Fact]
    public void PiecesCanBeReadOnce()
    {
        var pieces = Generator(new ScriptedSource("cat")).Generate("x");
        Assert.Equal("cat", string.Concat(pieces));
        Assert.Throws<InvalidOperationException>(() => string.Concat(pieces));
    }

    [Fact]
    public void CancellationEndsBeforeTheNextToken()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new ScriptedSource("cat");
        var statistics = new GenerationStatistics();
        var pieces = new List<string>();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var piece in Generator(source).Generate("x", new() { Statistics = statistics }, cancellation.Token))
            {
                pieces.Add(piece);
                if (pieces.Count == 2)
                    cancellation.Cancel();
            }
        });
        Assert.Equal(["c", "a"], pieces);
        Assert.Equal(2, source.Calls.Count);
        Assert.Equal(FinishReason.Cancelled, statistics.FinishReason);
    }

    [Fact]
    public void EveryNewTokenIsReportedWithItsCounts()
    {
        var seen = new List<(int Token, int New, int Prompt)>();
        Run(new ScriptedSource("cat"), "ab", new() { OnToken = (token, statistics) => seen.Add((token, statistics.NewTokens, statistics.PromptTokens)) });
        Assert.Equal([('c', 1, 2), ('a', 2, 2), ('t', 3, 2)], seen);
    }

    [Fact]
    public void StatisticsCountTokensStepsAndTheModelsTime()
    {
        var statistics = new GenerationStatistics();
        var source = new ScriptedSource("cat") { BeforeCall = () => Thread.Sleep(2) };
        Run(source, "ab", new() { Statistics = statistics });
        Assert.Equal((2, 3, 3), (statistics.PromptTokens, statistics.NewTokens, statistics.DecodeSteps));
        Assert.True(statistics.PrefillTime >= TimeSpan.FromMilliseconds(1.9));
        Assert.True(statistics.DecodeTime >= TimeSpan.FromMilliseconds(5.7));
        Assert.InRange(statistics.DecodeTokensPerSecond, double.Epsilon, 3 / 0.0057);
        Assert.InRange(statistics.PrefillTokensPerSecond, double.Epsilon, 2 / 0.0019);
    }

    [Fact]
    public void StatisticsStartAnewWithEveryGeneration()
    {
        var statistics = new GenerationStatistics();
        Run(new ScriptedSource("cat"), "ab", new() { Statistics = statistics });
        Run(new ScriptedSource("no"), "x", new() { Statistics = statistics, MaxTokens = 1 });
        Assert.Equal((1, 1, 0, FinishReason.Length), (statistics.PromptTokens, statistics.NewTokens, statistics.DecodeSteps, statistics.FinishReason));
        Assert.Equal(TimeSpan.Zero, statistics.DecodeTime);
        Assert.Equal(0, statistics.DecodeTokensPerSecond);
    }

    [Fact]
    public void FrequencyPenaltyDoesNotCountThePrompt()
    {
        // The script's token leads by 50, so a penalty of 100 turns it over: not for having stood in the prompt, but for having been generated.
        var greedy = new SamplingOptions { Temperature = 0 };
        Assert.Equal("c", Run(new ScriptedSource("c"), "ccc", new() { Sampling = greedy with { FrequencyPenalty = 100, PresencePenalty = 100 } }));
        Assert.NotEqual("c", Run(new ScriptedSource("cc"), "x", new() { Sampling = greedy with { FrequencyPenalty = 100 }, MaxTokens = 2 })[1..]);
    }

    internal static TextGenerator Generator(ScriptedSource source) => new(source, new ByteTokenizer(), ByteTokenizer.WithBegin);

    internal static string Run(ScriptedSource source, string prompt, GenerationOptions options) =>
        string.Concat(Generator(source).Generate(prompt, options));
}
