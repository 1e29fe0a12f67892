using Formwork.Runtime;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Sampling;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Models.Tests.Stories;

public class StoriesTextTests
{
    private static readonly SamplingOptions Greedy = new() { Temperature = 0 };

    public static TheoryData<StoriesWeights, string> EveryRun
    {
        get
        {
            var runs = new TheoryData<StoriesWeights, string>();
            foreach (var weights in Enum.GetValues<StoriesWeights>())
            {
                foreach (var name in StoriesGolden.Names)
                    runs.Add(weights, name);
            }
            return runs;
        }
    }

    [DataTheory("stories260K", "stories260K-hf")]
    [MemberData(nameof(EveryRun))]
    public void GreedyTextEqualsRunC(StoriesWeights weights, string name)
    {
        var golden = StoriesGolden.Read(name);
        var statistics = new GenerationStatistics();
        var options = new GenerationOptions { Sampling = Greedy, MaxLength = golden.Steps, EchoPrompt = true, Statistics = statistics };
        using var model = StoriesModel.Load(weights);
        Assert.Equal(StoriesGolden.Text(name), string.Concat(model.Generate(golden.Prompt, options)));
        Assert.Equal(golden.OutputTokens.Length, statistics.PromptTokens + statistics.NewTokens);
    }

    [DataTheory("stories260K")]
    [InlineData(StoriesWeights.Shipped, 1)]
    [InlineData(StoriesWeights.Shipped, 42)]
    [InlineData(StoriesWeights.Llama2C, 1)]
    [InlineData(StoriesWeights.Llama2C, 42)]
    public void SampledTextEqualsRunC(StoriesWeights weights, int seed)
    {
        var sampling = new SamplingOptions { Temperature = 0.8f, TopP = 0.9f, Seed = seed, Random = RandomSource.Llama2C };
        var options = new GenerationOptions { Sampling = sampling, MaxLength = 128, EchoPrompt = true };
        using var model = StoriesModel.Load(weights);
        Assert.Equal(StoriesGolden.Text($"sampled_t0.8_p0.9_s{seed}"), string.Concat(model.Generate("Once upon a time", options)));
    }

    [DataFact("stories260K")]
    public async Task TextComesTheSameWithoutHoldingUpTheCaller()
    {
        using var model = StoriesModel.Load();
        var text = "";
        await foreach (var piece in model.GenerateAsync("Mom said,", new() { Sampling = Greedy, MaxLength = 200, EchoPrompt = true }))
            text += piece;
        Assert.Equal(StoriesGolden.Text("g06"), text);
    }

    [Fact]
    public void SeedReproducesAText()
    {
        using var model = StoriesModel.Load();
        var options = new GenerationOptions { Sampling = new() { Seed = 7, TopK = 40, TopP = 0.95f, MinP = 0.01f, RepetitionPenalty = 1.1f }, MaxTokens = 60 };
        var text = string.Concat(model.Generate("Tom", options));
        Assert.Equal(text, string.Concat(model.Generate("Tom", options)));
        Assert.NotEqual(text, string.Concat(model.Generate("Tom", options with { Sampling = options.Sampling! with { Seed = 8 } })));
    }

    [Fact]
    public void GenerationEndsWhereTheContextDoes()
    {
        using var model = StoriesModel.Load();
        var statistics = new GenerationStatistics();
        // Read greedily, this story repeats itself and never reaches an end token.
        var options = new GenerationOptions { Sampling = Greedy, Statistics = statistics };
        var text = string.Concat(model.Generate("Mom said,", options));
        Assert.NotEmpty(text);
        Assert.Equal(FinishReason.Context, statistics.FinishReason);
        Assert.Equal(model.Description.Context, statistics.PromptTokens + statistics.NewTokens);
    }

    [Fact]
    public void CancellationEndsAGenerationAndTheModelGoesOn()
    {
        using var model = StoriesModel.Load();
        using var cancellation = new CancellationTokenSource();
        var count = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var piece in model.Generate("Tom", null, cancellation.Token))
            {
                if (++count == 3)
                    cancellation.Cancel();
            }
        });
        Assert.Equal(3, count);
        Assert.NotEmpty(string.Concat(model.Generate("Tom", new() { MaxTokens = 3 })));
    }

    [Fact]
    public async Task SeveralThreadsGenerateFromOneModel()
    {
        using var model = StoriesModel.Load();
        string[] prompts = ["Tom", "Lily", "One day", "The cat"];
        var options = new GenerationOptions { Sampling = Greedy, MaxTokens = 40 };
        var alone = prompts.Select(prompt => string.Concat(model.Generate(prompt, options))).ToArray();
        var together = await Task.WhenAll(prompts.Select(prompt => Task.Run(() => string.Concat(model.Generate(prompt, options)))));
        Assert.Equal(alone, together);
    }

    [Fact]
    public void PromptLongerThanTheContextIsRefused()
    {
        using var model = StoriesModel.Load();
        var prompt = string.Concat(Enumerable.Repeat("Once upon a time ", 200));
        var error = Assert.Throws<InvalidInputException>(() => string.Concat(model.Generate(prompt)));
        Assert.Equal("prompt", error.InputSource);
        Assert.Contains("the model's context is 512 tokens", error.Message);
    }
}
