using Formwork.Models.Tests.Stories;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Models.Tests.Sessions;

/// <summary>Beam search over a compiled decoder and its caches.</summary>
public class BeamTests
{
    private static readonly int[][] Prompts = [[1], [1, 403, 407], [1, .. Enumerable.Range(0, 60).Select(index => 260 + index * 37 % 240)]];

    [Fact]
    public void OneBeamTakesTheMostProbableTokenEachTime()
    {
        using var model = StoriesModel.Load();
        var found = model.Search(Prompts, new BeamSearchOptions { Beams = 1, MaxTokens = 30 });
        for (var index = 0; index < Prompts.Length; index++)
        {
            using var session = model.NewSession();
            var greedy = new List<int>();
            var logits = session.Prefill(Prompts[index]);
            for (; greedy.Count < 30; logits = session.Step(greedy[^1]))
                greedy.Add(System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits));
            Assert.Equal(greedy, found[index][0].Tokens);
        }
    }

    [Fact]
    public void ScoreIsTheSumOfTheLogProbabilitiesOfTheTextInOnePass()
    {
        using var model = StoriesModel.Load();
        foreach (var (text, prompt) in model.Search(Prompts, new BeamSearchOptions { Beams = 5, MaxTokens = 80, LengthPenalty = 1 }).Zip(Prompts))
        {
            using var session = model.NewSession();
            int[] whole = [.. prompt, .. text[0].Tokens];
            var all = session.AllLogits(whole);
            var sum = 0.0;
            for (var position = prompt.Length; position < whole.Length; position++)
                sum += LogProbability(all.AsSpan((position - 1) * 512, 512), whole[position]);
            Assert.Equal(sum, text[0].LogProbability, 1e-3);
            Assert.Equal(sum / (85.0 / 6), text[0].Score, 1e-4);
        }
    }

    [Fact]
    public void PromptsSearchedTogetherAreFoundAsAloneToTheBit()
    {
        using var model = StoriesModel.Load();
        var options = new BeamSearchOptions { Beams = 4, Best = 4, MaxTokens = 70 };
        var together = model.Search(Prompts, options);
        for (var index = 0; index < Prompts.Length; index++)
        {
            var alone = model.Search([Prompts[index]], options)[0];
            Assert.Equal(alone.Select(text => (string.Join(' ', text.Tokens), text.LogProbability)), together[index].Select(text => (string.Join(' ', text.Tokens), text.LogProbability)));
        }
    }

    [Fact]
    public void TextIsContinuedAsItsTokensAre()
    {
        using var model = StoriesModel.Load();
        var options = new BeamSearchOptions { Beams = 1, MaxTokens = 30 };
        var greedy = string.Concat(model.Generate("Once upon a time", new() { Sampling = new() { Temperature = 0 }, MaxTokens = 30 }));
        Assert.Equal(greedy, model.Search("Once upon a time", options)[0].Text);
    }

    [Fact]
    public void MoreBeamsFindABetterText()
    {
        using var model = StoriesModel.Load();
        double Best(int beams) => model.Search([[1]], new BeamSearchOptions { Beams = beams, MaxTokens = 40 })[0][0].Score;
        Assert.True(Best(16) > Best(1));
    }

    private static double LogProbability(ReadOnlySpan<float> logits, int token)
    {
        var total = 0.0;
        foreach (var logit in logits)
            total += Math.Exp(logit);
        return logits[token] - Math.Log(total);
    }
}
