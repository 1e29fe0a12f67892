using Formwork.Models.Tests.Stories;
using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Models.Tests.Sessions;

public class SessionTests
{
    private static readonly int[] Tokens = [1, .. Enumerable.Range(0, 99).Select(index => 260 + index * 37 % 240)];

    [Fact]
    public void DecodingWithTheCacheEqualsOneFullPass()
    {
        using var model = StoriesModel.Load();
        using var whole = model.NewSession();
        using var stepped = model.NewSession();
        var all = whole.AllLogits(Tokens);
        for (var position = 0; position < Tokens.Length; position++)
            Logits.AssertClose(Row(all, position), stepped.Step(Tokens[position]), $"position {position}", tolerance: 2e-5f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void PromptInSeveralPassesEqualsOne(int maxPassTokens)
    {
        using var one = StoriesModel.Load();
        using var several = StoriesModel.Load(maxPassTokens: maxPassTokens);
        using var expected = one.NewSession();
        using var actual = several.NewSession();
        Logits.AssertClose(expected.Prefill(Tokens), actual.Prefill(Tokens), "last", tolerance: 2e-5f);
        Assert.Equal(Tokens.Length, actual.Position);
        actual.Reset();
        expected.Reset();
        Logits.AssertClose(expected.AllLogits(Tokens), actual.AllLogits(Tokens), "all", tolerance: 2e-5f);
    }

    [Fact]
    public void PrefillAndStepsMixAtWill()
    {
        using var model = StoriesModel.Load();
        using var whole = model.NewSession();
        using var mixed = model.NewSession();
        var all = whole.AllLogits(Tokens);
        var position = 0;
        foreach (var length in new[] { 1, 5, 1, 1, 20, 3, 33 })
        {
            var logits = mixed.Prefill(Tokens.AsSpan(position, length));
            position += length;
            Logits.AssertClose(Row(all, position - 1), logits, $"after {position} tokens", tolerance: 2e-5f);
            Assert.Equal(logits, mixed.Logits);
        }
        Assert.Equal(position, mixed.Position);
    }

    [Theory]
    [InlineData(1, 512)]
    [InlineData(2, 512)]
    [InlineData(3, 512)]
    [InlineData(8, 512)]
    [InlineData(17, 512)]
    [InlineData(17, 5)]
    public void BatchOfDifferentLengthsEqualsSingleSteps(int count, int maxPassTokens)
    {
        using var model = StoriesModel.Load(maxPassTokens: maxPassTokens);
        var batch = NewSessions(model, count);
        var single = NewSessions(model, count);
        for (var index = 1; index < count; index++)
        {
            batch[index].Prefill(Prompt(index));
            single[index].Prefill(Prompt(index));
        }
        for (var step = 0; step < 4; step++)
        {
            var tokens = Enumerable.Range(0, count).Select(index => Tokens[(index * 11 + step) % Tokens.Length]).ToArray();
            model.StepBatch(batch, tokens);
            for (var index = 0; index < count; index++)
                AssertSame(single[index].Step(tokens[index]), single[index], batch[index], $"step {step}, sequence {index}");
        }
        Array.ForEach([.. batch, .. single], session => session.Dispose());
    }

    [Theory]
    [InlineData(1, 512)]
    [InlineData(9, 512)]
    [InlineData(9, 16)]
    public void BatchOfPromptsEqualsThePromptsAlone(int count, int maxPassTokens)
    {
        using var model = StoriesModel.Load(maxPassTokens: maxPassTokens);
        var batch = NewSessions(model, count);
        var single = NewSessions(model, count);
        model.PrefillBatch(batch, [.. Enumerable.Range(0, count).Select(Prompt)]);
        for (var index = 0; index < count; index++)
            AssertSame(single[index].Prefill(Prompt(index)), single[index], batch[index], $"sequence {index}");
        // A second prompt goes after the first.
        model.PrefillBatch(batch, [.. Enumerable.Range(0, count).Select(index => Prompt(count - index))]);
        for (var index = 0; index < count; index++)
            AssertSame(single[index].Prefill(Prompt(count - index)), single[index], batch[index], $"sequence {index}, continued");
        Array.ForEach([.. batch, .. single], session => session.Dispose());
    }

    [Fact]
    public void ResetForgetsEverything()
    {
        using var model = StoriesModel.Load();
        using var used = model.NewSession();
        using var fresh = model.NewSession();
        used.Prefill(Tokens);
        used.Reset();
        Assert.Equal(0, used.Position);
        Assert.Equal(fresh.Prefill(Tokens.AsSpan(3, 9)), used.Prefill(Tokens.AsSpan(3, 9)));
    }

    [Fact]
    public void SessionsOfOneModelDoNotDisturbEachOther()
    {
        using var model = StoriesModel.Load();
        using var alone = model.NewSession();
        var expected = Tokens.Select(token => alone.Step(token).ToArray()).ToArray();
        using var first = model.NewSession();
        using var second = model.NewSession();
        second.Prefill([1, 300, 400]);
        for (var position = 0; position < 20; position++)
        {
            Assert.Equal(expected[position], first.Step(Tokens[position]));
            second.Step(Tokens[^(position + 1)]);
        }
    }

    private static DecoderSession[] NewSessions(DecoderModel model, int count) => [.. Enumerable.Range(0, count).Select(_ => model.NewSession())];

    private static int[] Prompt(int index) => Tokens[..(1 + index * 5)];

    private static void AssertSame(ReadOnlySpan<float> logits, DecoderSession expected, DecoderSession actual, string where)
    {
        Logits.AssertClose(logits, actual.Logits, where, tolerance: 2e-5f);
        Assert.Equal(expected.Position, actual.Position);
    }

    private static ReadOnlySpan<float> Row(float[] all, int position) => all.AsSpan(position * 512, 512);
}
