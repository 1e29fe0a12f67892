using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tests.Generation;
using Xunit;

namespace Formwork.Runtime.Tests.Models;

public sealed class EncoderDecoderModelTests
{
    private static readonly int[][] Sources = [[5], [7, 8, 9], [.. Enumerable.Range(0, 90)], [250, 3], [.. Enumerable.Range(100, 70)]];

    [Fact]
    public void DecoderReadsTheSourceThatWasEncodedOnce()
    {
        using var model = new FakeTranslator();
        using SourceMemory memory = model.Encode([7, 8, 9]);
        using DecoderSession session = model.NewSession(memory);
        Assert.Equal(3, memory.Rows);
        Assert.Equal(FakeTranslator.Logits([7, 8, 9], [1, 4]), session.Prefill([1, 4]));
        Assert.Equal(FakeTranslator.Logits([7, 8, 9], [1, 4, 6]), session.Step(6));
        Assert.Equal(1, model.Encodings);
    }

    [Fact]
    public void SessionsOverDifferentSourcesGoInOnePass()
    {
        using var model = new FakeTranslator();
        SourceMemory[] memories = model.Encode(Sources);
        DecoderSession[] sessions = [.. memories.Select(model.NewSession)];
        model.StepBatch(sessions, [1, 3, 4, 5, 6]);
        for (int index = 0; index < sessions.Length; index++)
            Assert.Equal(FakeTranslator.Logits(Sources[index], [new[] { 1, 3, 4, 5, 6 }[index]]), sessions[index].Logits.ToArray());
        Assert.Equal([5], model.Passes);
        Array.ForEach(sessions, session => session.Dispose());
        Array.ForEach(memories, memory => memory.Dispose());
    }

    [Fact]
    public void SourceStaysUntilItsLastSessionGoes()
    {
        using var model = new FakeTranslator();
        SourceMemory memory = model.Encode([7]);
        DecoderSession first = model.NewSession(memory), second = model.NewSession(memory);
        memory.Dispose();
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.NewSession(memory));
        first.Dispose();
        first.Dispose();
        Assert.Equal(FakeTranslator.Logits([7], [1]), second.Step(1));
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { unsafe { _ = memory.Cache.Pointer; } });
    }

    [Fact]
    public void StatesOfASourceAreGiven()
    {
        using var model = new FakeTranslator();
        Assert.Equal([7, 7, 7, 7, 9, 9, 9, 9], model.EncodeStates([7, 9]));
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(4, 100)]
    [InlineData(4, 7)]
    public void BeamsThroughTheCachesFindWhatThePlainSearchFinds(int beams, int maxPassTokens)
    {
        using var model = new FakeTranslator(maxPassTokens: maxPassTokens);
        var options = new BeamSearchOptions { Beams = beams, Best = beams, LengthPenalty = 0.6f, ForcedFirst = [9, 8], MaxTokens = 80 };
        IReadOnlyList<Hypothesis>[] found = model.Search(Sources, options);
        for (int index = 0; index < Sources.Length; index++)
        {
            int[] source = Sources[index];
            var reference = new SlowBeamSearch(tokens => FakeTranslator.Logits(source, [1, 9, 8, .. tokens]), FakeTranslator.End, 80, 0.6f);
            Assert.Equal(reference.Beams(beams).Select(text => string.Join(' ', [9, 8, .. text.Tokens])), found[index].Select(text => string.Join(' ', text.Tokens)));
            Assert.Equal(found[index].Select(text => text.Score), model.Search([source], options)[0].Select(text => text.Score));
        }
    }

    [Fact]
    public void BeamsKeepTheirTextsOverEveryGrowthOfTheirCaches()
    {
        using var model = new FakeTranslator(FakeTranslator.Architecture with { Tokenizer = FakeTranslator.Architecture.Tokenizer with { EndTokens = [] } });
        Hypothesis found = model.Search([[7, 8]], new BeamSearchOptions { Beams = 3, MaxTokens = 1000 })[0][0];
        Assert.Equal((150, FinishReason.Context), (found.Tokens.Count, found.FinishReason));
        double sum = 0;
        for (int length = 0; length < found.Tokens.Count; length++)
        {
            float[] logits = FakeTranslator.Logits([7, 8], [1, .. found.Tokens.Take(length)]);
            sum += logits[found.Tokens[length]] - Math.Log(logits.Sum(logit => Math.Exp(logit)));
        }
        Assert.Equal(sum, found.LogProbability, 1e-3);
    }

    [Fact]
    public void SourcesThatAreEncodedAlreadyCanBeSearched()
    {
        using var model = new FakeTranslator();
        using SourceMemory memory = model.Encode([7, 8]);
        Hypothesis expected = model.Search([[7, 8]])[0][0];
        for (int again = 0; again < 2; again++)
            Assert.Equal((string.Join(' ', expected.Tokens), expected.Score), (string.Join(' ', model.Search([memory])[0][0].Tokens), model.Search([memory])[0][0].Score));
        Assert.Equal(2, model.Encodings);
    }

    [Fact]
    public void TextsEndFiftyTokensAfterTheSourcesLengthUnlessAsked()
    {
        using var model = new FakeTranslator(FakeTranslator.Architecture with { Tokenizer = FakeTranslator.Architecture.Tokenizer with { EndTokens = [] } });
        Hypothesis found = model.Search([[7, 8]])[0][0];
        Assert.Equal((52, FinishReason.Length), (found.Tokens.Count, found.FinishReason));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(90)]
    public void CrossAttentionIsGivenByLayerHeadTargetAndSource(int maxPassTokens)
    {
        using var model = new FakeTranslator(maxPassTokens: maxPassTokens);
        int[] target = [1, .. Enumerable.Repeat(5, 99)];
        float[] weights = model.CrossAttention([.. Enumerable.Range(0, 70)], target);
        int at = 0;
        for (int map = 0; map < FakeTranslator.Layers * FakeTranslator.Heads; map++)
            for (int row = 0; row < target.Length; row++)
                for (int position = 0; position < 70; position++)
                    Assert.Equal(map * 1_000_000 + row * 1000 + position, weights[at++]);
        Assert.Equal(weights.Length, at);
        Assert.Equal(FakeTranslator.Logits([7], [1]), model.NewSession(model.Encode([7])).Step(1));
    }

    [Fact]
    public void SourcesArePackedIntoPasses()
    {
        using var model = new FakeTranslator();
        Array.ForEach(model.Encode(Sources), memory => memory.Dispose());
        Assert.Equal(2, model.Encodings); // 1 + 3 + 90 + 2 of at most 100, then 70
    }
}
