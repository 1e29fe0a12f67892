using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>Published models have as many parameters as their authors say.</summary>
public class ParameterCountTests
{
    /// <summary>
    /// Tokens 50257·768, positions 1024·768; a layer has 4·(768·768 + 768) for attention, 768·3072 + 3072 + 3072·768 + 768 for feed-forward
    /// and 4·768 for norms, together 7,087,872; the final norm 2·768.
    /// </summary>
    [Fact]
    public void Gpt2Has124Million() =>
        Assert.Equal(124_439_808, Count(SmallSpecs.Gpt2(vocabulary: 50257, context: 1024, width: 768, layers: 12, heads: 12)));

    /// <summary>
    /// Tokens 49152·576, tied; a layer has 2·576·576 + 2·192·576 for attention, 3·576·1536 for feed-forward and 2·576 for norms, together
    /// 3,540,096; the final norm 576.
    /// </summary>
    [Fact]
    public void SmolLm2Has135Million() =>
        Assert.Equal(134_515_008, Count(Tied(SmallSpecs.Llama(vocabulary: 49152, width: 576, layers: 30, heads: 9, keyValueHeads: 3)
            .WithFeedForward(feedForward => feedForward with { Width = 1536 }))));

    /// <summary>
    /// Tokens and unembedding 32000·2048 each; a layer has 2·2048·2048 + 2·256·2048 for attention, 3·2048·5632 for feed-forward and 2·2048
    /// for norms, together 44,044,288; the final norm 2048.
    /// </summary>
    [Fact]
    public void TinyLlamaHas1100Million() =>
        Assert.Equal(1_100_048_384, Count(SmallSpecs.Llama(vocabulary: 32000, width: 2048, layers: 22, heads: 32, keyValueHeads: 4)
            .WithFeedForward(feedForward => feedForward with { Width = 5632 })));

    /// <summary>
    /// Tokens 512·64, tied; a layer has 2·64·64 + 2·32·64 for attention, 3·64·172 for feed-forward and 2·64 for norms, together 45,440; the
    /// final norm 64.
    /// </summary>
    [Fact]
    public void Stories260KHas260Thousand() =>
        Assert.Equal(260_032, Count(Tied(SmallSpecs.Llama(vocabulary: 512, context: 512, width: 64, layers: 5, heads: 8, keyValueHeads: 4)
            .WithFeedForward(feedForward => feedForward with { Width = 172 }))));

    private static ModelSpec Tied(ModelSpec spec) => spec with { Unembedding = new UnembeddingSpec(Tied: true, Bias: false) };

    private static long Count(ModelSpec spec) => GraphBuilder.Build(spec).ParameterCount;
}
