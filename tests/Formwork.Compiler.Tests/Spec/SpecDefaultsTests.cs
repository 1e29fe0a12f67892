using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>What holds when a key is not written, and what a written key means.</summary>
public sealed class SpecDefaultsTests
{
    [Fact]
    public void WhatIsNotWrittenHasItsDefault()
    {
        ModelSpec spec = GoodSpec.Resolve(GoodSpec.Text);

        Assert.Equal(new EmbeddingSpec(1), spec.Embedding);
        Assert.Equal(new UnembeddingSpec(Tied: true, Bias: false), spec.Unembedding);
        Assert.Equal("formwork", spec.Weights.Name);
        Assert.Equal(new TokenizerSpec(TokenizerKind.None, null, null, null, EquatableArray<int>.Empty), spec.Tokenizer);
        Assert.Null(spec.Encoder);
        Assert.Equal(new PositionsSpec(PositionKind.None, 0, SinusoidalArrangement.Interleaved), spec.Decoder!.Positions);
        LayerSpec layer = spec.Decoder.Layers[1];
        Assert.Equal(new AttentionSpec(4, 4, 12, false, false, false, false, 1 / Math.Sqrt(12), null), layer.Attention);
        Assert.Equal(new FeedForwardSpec(96, Activation.Gelu, false, false, false, false), layer.FeedForward);
        Assert.Equal(new NormSpec(NormKind.Layer, 1e-5, Bias: true, UnitOffset: false), layer.Norm);
        Assert.Equal(NormPlacement.Pre, layer.Placement);
        Assert.Equal(layer.Norm, spec.Decoder.FinalNorm);
    }

    [Fact]
    public void OneDropoutIsTheEmbeddingsAndTheParts()
    {
        Assert.Null(GoodSpec.Resolve(GoodSpec.Text).Training);
        Assert.Equal(new TrainingSpec(), GoodSpec.Resolve(GoodSpec.With("training: true")).Training);
        Assert.Null(GoodSpec.Resolve(GoodSpec.With("training: false")).Training);
        Assert.Equal(new TrainingSpec { EmbeddingDropout = 0.3, ResidualDropout = 0.3 }, GoodSpec.Resolve(GoodSpec.With("training: {dropout: 0.3}")).Training);
        Assert.Equal(
            new TrainingSpec { AttentionDropout = 0.1, ActivationDropout = 0.2, Recompute = Recompute.Layers },
            GoodSpec.Resolve(GoodSpec.With("training: {dropout: {attention: 0.1, activation: 0.2}, recompute: layers}")).Training);
    }

    [Fact]
    public void RmsNormHasNoBias() =>
        Assert.Equal(new NormSpec(NormKind.Rms, 1e-6, Bias: false, UnitOffset: true), GoodSpec.Layer("norm: {kind: rms, epsilon: 1e-6, bias: false, unit_offset: true}").Norm);

    [Fact]
    public void LayerNormCanBeWithoutBias() => Assert.False(GoodSpec.Layer("norm: {kind: layer, bias: false}").Norm.Bias);

    [Theory]
    [InlineData("pre", true)]
    [InlineData("post", false)]
    [InlineData("both", true)]
    [InlineData("output", true)]
    public void StackHasAFinalNormUnlessNormsFollowTheResidual(string placement, bool expected) =>
        Assert.Equal(expected, GoodSpec.Resolve(GoodSpec.With($"norm: {{kind: layer, placement: {placement}}}")).Decoder!.FinalNorm is not null);

    [Fact]
    public void BiasIsForAllProjectionsOrForEach()
    {
        AttentionSpec all = GoodSpec.Layer("attention: {heads: 4, bias: true}").Attention;
        AttentionSpec some = GoodSpec.Layer("attention: {heads: 4, bias: {query: true, value: true}}").Attention;

        Assert.True(all is { QueryBias: true, KeyBias: true, ValueBias: true, OutputBias: true });
        Assert.True(some is { QueryBias: true, KeyBias: false, ValueBias: true, OutputBias: false });
    }

    [Fact]
    public void GateHasABiasOnlyWhenThereIsAGate()
    {
        Assert.False(GoodSpec.Layer("feed_forward: {width: 8, activation: silu, bias: true}").FeedForward.GateBias);
        Assert.True(GoodSpec.Layer("feed_forward: {width: 8, activation: silu, gated: true, bias: true}").FeedForward.GateBias);
    }

    [Fact]
    public void HeadWidthNeedNotBeWidthByHeads()
    {
        AttentionSpec attention = GoodSpec.Layer("attention: {heads: 5, key_value_heads: 1, head_width: 256, scale: 0.0625}").Attention;
        Assert.Equal((5, 1, 256, 0.0625), (attention.Heads, attention.KeyValueHeads, attention.HeadWidth, attention.Scale));
    }

    [Theory]
    [InlineData("kind: rotary", 10000, RotaryPairing.Half, 12)]
    [InlineData("kind: rotary, pairing: interleaved", 10000, RotaryPairing.Interleaved, 12)]
    [InlineData("kind: rotary, base: 5e5, fraction: 0.5", 500000, RotaryPairing.Half, 6)]
    public void RotationsBelongToAttention(string positions, double rotaryBase, RotaryPairing pairing, int width)
    {
        ModelSpec spec = GoodSpec.Resolve(GoodSpec.With($"positions: {{{positions}}}"));
        Assert.Equal(new RotarySpec(rotaryBase, pairing, width), spec.Decoder!.Layers[0].Attention.Rotary);
        Assert.Equal(PositionKind.None, spec.Decoder.Positions.Kind);
    }

    [Fact]
    public void FractionThatIsNoExactDoubleStillGivesItsWholeWidth() =>
        Assert.Equal(32, GoodSpec.Layer("attention: {heads: 4, head_width: 80}", "positions: {kind: rotary, fraction: 0.4}").Attention.Rotary!.Width);

    [Fact]
    public void SinusoidsBelongToTheStack() =>
        Assert.Equal(
            new PositionsSpec(PositionKind.Sinusoidal, 10000, SinusoidalArrangement.Halves),
            GoodSpec.Resolve(GoodSpec.With("positions: {kind: sinusoidal, arrangement: halves}")).Decoder!.Positions);

    [Theory]
    [InlineData("scale: 3", 3)]
    [InlineData("scale: 0.5", 0.5)]
    [InlineData("scale: sqrt_width", 6.928203230275509)]
    public void EmbeddingScaleIsANumberOrTheRootOfTheWidth(string scale, double expected) =>
        Assert.Equal(expected, GoodSpec.Resolve(GoodSpec.With($"embedding: {{{scale}}}")).Embedding.Scale);

    [Theory]
    [InlineData("end: 7", new[] { 7 })]
    [InlineData("end: [1, 2]", new[] { 1, 2 })]
    [InlineData("end: []", new int[0])]
    public void EndIsOneTokenOrSeveral(string end, int[] expected) =>
        Assert.Equal(expected, GoodSpec.Resolve(GoodSpec.With($"tokenizer: {{kind: words, begin: 3, {end}}}")).Tokenizer.EndTokens);
}
