using Formwork.Runtime;
using Formwork.Runtime.Generation;
using Formwork.TestSupport;
using Xunit;
using Model = global::Formwork.Models.CappGpt2;

namespace Formwork.Models.Tests.CappGpt2;

public class CappGpt2Tests
{
    private const string Folder = "capp-gpt2";

    public static TheoryData<int> EveryRun => [.. Enumerable.Range(0, CappGolden.Count)];

    [DataTheory(Folder)]
    [MemberData(nameof(EveryRun))]
    public void TokensAndLogitsEqualTheFloat64Reference(int run)
    {
        var golden = CappGolden.Read(run);
        using var model = Model.Load(TestData.Path(Folder));
        using var session = model.NewSession();
        var logits = session.Prefill(golden.PromptTokens);
        var tokens = new List<int>(golden.PromptTokens);
        foreach (var step in golden.Steps)
        {
            Logits.AssertClose(step.Logits, logits, $"run {run}, token {tokens.Count}");
            tokens.Add(Logits.ArgMax(logits));
            logits = session.Step(tokens[^1]);
        }
        Assert.Equal(golden.OutputTokens, tokens);
    }

    [DataTheory(Folder)]
    [MemberData(nameof(EveryRun))]
    public void OnePassOverAllTokensEqualsTheFloat64Reference(int run)
    {
        var golden = CappGolden.Read(run);
        using var model = Model.Load(TestData.Path(Folder));
        using var session = model.NewSession();
        var vocabulary = model.Description.Vocabulary;
        var all = session.AllLogits(golden.OutputTokens);
        for (var step = 0; step < golden.Steps.Length; step++)
        {
            var position = golden.PromptTokens.Length - 1 + step;
            Logits.AssertClose(golden.Steps[step].Logits, all.AsSpan(position * vocabulary, vocabulary), $"run {run}, position {position}");
        }
    }

    [DataTheory(Folder)]
    [MemberData(nameof(EveryRun))]
    public void GeneratedTokensAndTextEqualTheReference(int run)
    {
        var golden = CappGolden.Read(run);
        using var model = Model.Load(TestData.Path(Folder));
        var tokenizer = Assert.IsAssignableFrom<Formwork.Runtime.Tokenization.TextTokenizer>(model.Tokenizer);
        var tokens = new List<int>();
        var statistics = new GenerationStatistics();
        var options = new GenerationOptions { Sampling = new() { Temperature = 0 }, OnToken = (token, _) => tokens.Add(token), Statistics = statistics };
        var text = string.Concat(model.Generate(tokenizer.Decode(golden.PromptTokens[..^1]) + " <SOS>", options));
        var expected = golden.OutputTokens[golden.PromptTokens.Length..^1];
        Assert.Equal(expected, tokens);
        Assert.Equal(FinishReason.EndToken, statistics.FinishReason);
        Assert.Equal(tokenizer.Decode(golden.OutputTokens), tokenizer.Decode(golden.PromptTokens) + text);
    }

    [DataFact(Folder)]
    public void EmptyPromptIsRefusedForNothingBeginsAText()
    {
        using var model = Model.Load(TestData.Path(Folder));
        var error = Assert.Throws<InvalidInputException>(() => string.Concat(model.Generate("")));
        Assert.Contains("prompt: found no tokens; expected at least one", error.Message);
    }
}
