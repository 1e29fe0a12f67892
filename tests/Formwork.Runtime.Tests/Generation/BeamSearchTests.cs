using Formwork.Runtime.Generation;
using Xunit;

namespace Formwork.Runtime.Tests.Generation;

public sealed class BeamSearchTests
{
    private const int Vocabulary = 4, End = 0;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 5)]
    [InlineData(0.6f, 4)]
    [InlineData(1, 4)]
    [InlineData(3, 4)]
    public void AsManyBeamsAsTextsFindTheBestOfAll(float penalty, int mostTokens)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            int beams = (int)Math.Pow(Vocabulary, mostTokens);
            SlowBeamSearch reference = Reference(seed, mostTokens, penalty);
            AssertSame(reference.Everything().Take(7), Search(seed, beams, mostTokens, penalty, best: Math.Min(7, beams)));
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0.6f)]
    [InlineData(5, 1)]
    [InlineData(8, 2)]
    public void FewBeamsFindWhatThePlainSearchFinds(int beams, float penalty)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            foreach (BeamStopping stopping in Enum.GetValues<BeamStopping>())
            {
                SlowBeamSearch reference = Reference(seed, 9, penalty) with { StopAtFirst = stopping == BeamStopping.FirstFinished };
                AssertSame(reference.Beams(beams), Search(seed, beams, 9, penalty, beams, stopping));
            }
        }
    }

    [Fact]
    public void FewBeamsMissTheBestNowAndThen()
    {
        int missed = Enumerable.Range(0, 50).Count(seed => Reference(seed, 5, 0).Everything()[0].Score > Search(seed, 1, 5, 0)[0].Score + 1e-6);
        Assert.InRange(missed, 1, 49);
    }

    [Fact]
    public void TextsSearchedTogetherAreFoundAsAlone()
    {
        int[] seeds = [.. Enumerable.Range(0, 17)];
        BeamLimit[] limits = [.. seeds.Select(seed => new BeamLimit(3 + seed % 6, FinishReason.Length))];
        var together = new TreeSequences(Vocabulary, seeds, 3);
        IReadOnlyList<Hypothesis>[] found = new BeamSearch(together, Rules(3, 0.6f, 3), limits).Run(default);
        foreach (int seed in seeds)
        {
            IReadOnlyList<Hypothesis>[] alone = new BeamSearch(new TreeSequences(Vocabulary, [seed], 3), Rules(3, 0.6f, 3), [limits[seed]]).Run(default);
            Assert.Equal(alone[0].Select(text => (string.Join(' ', text.Tokens), text.LogProbability)), found[seed].Select(text => (string.Join(' ', text.Tokens), text.LogProbability)));
        }
        Assert.Equal(17 * 3, together.Steps[0]);
        Assert.True(together.Steps[^1] < 17 * 3, "Texts that are done leave the pass.");
    }

    [Fact]
    public void OneBeamCopiesNothing()
    {
        var sequences = new TreeSequences(Vocabulary, [1, 2, 3], 1);
        new BeamSearch(sequences, Rules(1, 0, 1), [.. Enumerable.Repeat(new BeamLimit(9, FinishReason.Length), 3)]).Run(default);
        Assert.Empty(sequences.Copies);
    }

    [Fact]
    public void BeamsThatContinueThemselvesCopyNothing()
    {
        // Two tokens are likely at first and one after each of them, so the beams part once and never again.
        var sequences = new ScriptedBeams(tokens => tokens.Count == 0 ? [-50, 5, 4.5f, -50] : tokens[0] == 1 ? [-50, 9, -50, -50] : [-50, -50, -50, 9]);
        var found = new BeamSearch(sequences, Rules(2, 0, 2), [new BeamLimit(6, FinishReason.Length)]).Run(default);
        Assert.Equal([1, 1, 1, 1, 1, 1], found[0][0].Tokens);
        Assert.Equal([2, 3, 3, 3, 3, 3], found[0][1].Tokens);
        Assert.Equal([0], sequences.Copies);
    }

    [Fact]
    public void CopiesTakeOverOnlyWhereTheBeamsDiffer()
    {
        // The better beam always divides in two, so the other slot lacks its last token each time.
        var sequences = new ScriptedBeams(tokens => [-50, 5, 4, -50]);
        new BeamSearch(sequences, Rules(2, 0, 1), [new BeamLimit(6, FinishReason.Length)]).Run(default);
        Assert.All(sequences.Copies, copied => Assert.InRange(copied, 0, 2));
    }

    [Fact]
    public void SuppressedTokensNeverComeAndKeepTheirShareOfTheProbability()
    {
        BeamRules rules = new(new BeamSearchOptions { Suppressed = [1, 3], ForcedFirst = [2] }.Complete(new() { Beams = 4, LengthPenalty = 0 }, Vocabulary), [End]);
        for (int seed = 0; seed < 20; seed++)
        {
            var found = new BeamSearch(new TreeSequences(Vocabulary, [seed], 4), rules, [new BeamLimit(4, FinishReason.Length)]).Run(default)[0];
            Hypothesis expected = (Reference(seed, 4, 0) with { Suppressed = [1, 3] }).Everything()[0];
            AssertSame([expected with { Tokens = [2, .. expected.Tokens] }], found);
        }
    }

    [Fact]
    public void EqualProbabilitiesGoToTheLowestTokens()
    {
        var sequences = new ScriptedBeams(_ => [-50, 1, 1, 1]);
        var found = new BeamSearch(sequences, Rules(2, 0, 2), [new BeamLimit(2, FinishReason.Length)]).Run(default)[0];
        Assert.Equal([[1, 1], [1, 2]], found.Select(text => text.Tokens));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "+∞")]
    public void LogitsThatAreNoNumbersAreRefused(float bad, string found)
    {
        var search = new BeamSearch(new ScriptedBeams(_ => [0, 0, bad, 0]), Rules(2, 0, 1), [new BeamLimit(2, FinishReason.Length)]);
        Assert.Contains(found, Assert.Throws<InvalidInputException>(() => search.Run(default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CancelledSearchEnds()
    {
        var search = new BeamSearch(new TreeSequences(Vocabulary, [1], 2), Rules(2, 0, 1), [new BeamLimit(5, FinishReason.Length)]);
        Assert.Throws<OperationCanceledException>(() => search.Run(new CancellationToken(canceled: true)));
    }

    private static BeamRules Rules(int beams, float penalty, int best, BeamStopping stopping = BeamStopping.NoneCanWin) =>
        new(new BeamSearchOptions { Beams = beams, LengthPenalty = penalty, Best = best, Stopping = stopping }.Complete(new(), Vocabulary), [End]);

    private static IReadOnlyList<Hypothesis> Search(int seed, int beams, int mostTokens, float penalty, int best = 1, BeamStopping stopping = BeamStopping.NoneCanWin) =>
        new BeamSearch(new TreeSequences(Vocabulary, [seed], beams), Rules(beams, penalty, best, stopping), [new BeamLimit(mostTokens, FinishReason.Length)]).Run(default)[0];

    private static SlowBeamSearch Reference(int seed, int mostTokens, float penalty) =>
        new(tokens => LogitTree.Logits(seed, tokens, Vocabulary), End, mostTokens, penalty);

    private static void AssertSame(IEnumerable<Hypothesis> expected, IEnumerable<Hypothesis> actual)
    {
        Assert.Equal(expected.Select(text => string.Join(' ', text.Tokens)), actual.Select(text => string.Join(' ', text.Tokens)));
        Assert.Equal(expected.Select(text => text.FinishReason), actual.Select(text => text.FinishReason));
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(one.LogProbability, other.LogProbability, 1e-4);
            Assert.Equal(one.Score, other.Score, 1e-4);
        }
    }
}
