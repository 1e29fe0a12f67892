using Formwork.Models.Tests.Stories;
using Xunit;

namespace Formwork.Models.Tests.Sessions;

public class CacheGrowthTests
{
    private static readonly int[] Tokens = [1, .. Enumerable.Range(0, 300).Select(index => 260 + index * 41 % 240)];

    [Fact]
    public void StepsAcrossEveryDoublingEqualOneFullPass()
    {
        using var model = StoriesModel.Load();
        using var whole = model.NewSession();
        using var stepped = model.NewSession();
        var all = whole.AllLogits(Tokens);
        for (var position = 0; position < Tokens.Length; position++)
            Logits.AssertClose(all.AsSpan(position * 512, 512), stepped.Step(Tokens[position]), $"position {position}", tolerance: 2e-5f);
    }

    [Fact]
    public void StepThatDoesNotGrowAllocatesNothing()
    {
        using var model = StoriesModel.Load();
        using var session = model.NewSession();
        session.Prefill(Tokens.AsSpan(0, 66));
        session.Step(300);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 40; step++)
            session.Step(301);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
