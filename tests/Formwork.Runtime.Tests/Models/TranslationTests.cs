using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Sampling;
using Formwork.Runtime.Tests.Generation;
using Formwork.Runtime.Tokenization;
using Xunit;

namespace Formwork.Runtime.Tests.Models;

public sealed class TranslationTests
{
    private static readonly SamplingOptions Greedy = new() { Temperature = 0 };

    [Fact]
    public void OneBeamIsGreedyGeneration()
    {
        using FakeTranslator model = Model();
        foreach (string text in new[] { "a", "abc", "xyz" })
        {
            string searched = model.Translate(text, new TranslationOptions { Search = new() { Beams = 1 } });
            Assert.Equal(string.Concat(model.Generate(text, new GenerationOptions { Sampling = Greedy, MaxTokens = text.Length + 50 })), searched);
            Assert.Equal(searched, model.Translate(text, new TranslationOptions { Sampling = Greedy }));
        }
    }

    [Fact]
    public void SeveralTextsAreTranslatedAsEachAlone()
    {
        using FakeTranslator model = Model();
        string[] texts = ["a", "abc", "xyz"];
        Assert.Equal(texts.Select(text => model.Translate(text)), model.Translate(texts));
        IReadOnlyList<ScoredText>[] best = model.TranslateBest(texts, new BeamSearchOptions { Best = 3 });
        Assert.Equal(model.Translate(texts), best.Select(found => found[0].Text));
        Assert.All(best, found => Assert.Equal(found.OrderByDescending(text => text.Score), found));
    }

    [Fact]
    public void ForcedTokensBeginTheTextAndSuppressedOnesNeverCome()
    {
        using FakeTranslator model = Model(new GenerationDefaults { Start = 1, ForcedFirst = [7, 6], Suppressed = [3, 4, 5, 8] });
        for (int seed = 1; seed < 20; seed++)
        {
            string text = model.Translate($"{seed}", new TranslationOptions { Sampling = new() { Seed = seed } });
            Assert.StartsWith("gf", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, letter => "cdeh".Contains(letter));
        }
        Assert.StartsWith("gf", model.Translate("a"), StringComparison.Ordinal);
        Assert.StartsWith("gf", string.Concat(model.Generate("a")), StringComparison.Ordinal);
        var own = new TranslationOptions { Search = new() { ForcedFirst = [3], Suppressed = [] }, Sampling = new() { Seed = 1 } };
        Assert.StartsWith("c", model.Translate("a", own), StringComparison.Ordinal);
    }

    [Fact]
    public void SampledTextsAreReproducible()
    {
        using FakeTranslator model = Model();
        string[] drawn = [.. Enumerable.Range(1, 10).Select(seed => model.Translate("abc", new() { Sampling = new() { Seed = seed } }))];
        Assert.True(drawn.Distinct().Count() > 1);
        Assert.Equal(drawn[4], model.Translate("abc", new() { Sampling = new() { Seed = 5 } }));
    }

    [Fact]
    public void OpenOptionsAreTheModelsOwn()
    {
        using FakeTranslator greedy = Model(new GenerationDefaults { Start = 1, Temperature = 0, Beams = 1 });
        Assert.Equal(string.Concat(greedy.Generate("abc", new() { Sampling = Greedy, MaxTokens = 53 })), string.Concat(greedy.Generate("abc", new() { MaxTokens = 53 })));
        Assert.Equal(greedy.Translate("abc", new() { Search = new() { Beams = 1 } }), greedy.Translate("abc"));
    }

    [Fact]
    public async Task AsynchronousPiecesAreTheSame()
    {
        using FakeTranslator model = Model();
        var options = new GenerationOptions { Sampling = Greedy, MaxTokens = 30 };
        var pieces = new List<string>();
        await foreach (string piece in model.GenerateAsync("abc", options))
            pieces.Add(piece);
        Assert.Equal(model.Generate("abc", options), pieces);
    }

    [Fact]
    public void StatisticsCountTheSource()
    {
        using FakeTranslator model = Model();
        var statistics = new GenerationStatistics();
        string text = string.Concat(model.Generate("abc", new() { Sampling = Greedy, MaxTokens = 5, Statistics = statistics }));
        Assert.Equal((3, text.Length), (statistics.PromptTokens, statistics.NewTokens));
        Assert.Equal(1, model.Encodings);
    }

    private static FakeTranslator Model(GenerationDefaults? defaults = null) => new(
        FakeTranslator.Architecture with { Generation = defaults ?? FakeTranslator.Architecture.Generation }, new LetterTokenizer());

    // Token 1 is "a", and so on; sources are any letters.
    private sealed class LetterTokenizer : TextTokenizer
    {
        public override int VocabularySize => FakeTranslator.Vocabulary;

        public override IReadOnlyList<int> Encode(string text) => [.. text.Select(letter => (int)letter)];

        public override TokenTextStream NewStream() => new Stream();

        private sealed class Stream : TokenTextStream
        {
            public override string Append(int token) => $"{(char)('a' + token - 1)}";

            public override string Finish() => "";
        }
    }
}
