using Formwork.Compiler.Spec;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>What is written nearest to a layer holds for it: its group, then its stack, then the file.</summary>
public sealed class SpecOverridesTests
{
    [Fact]
    public void GroupsFollowEachOtherWithWhatDiffers()
    {
        var layers = GoodSpec.Resolve(GoodSpec.With("layers: [{repeat: 2}, {attention: {heads: 8}}, {repeat: 3, feed_forward: {width: 8}}]")).Decoder!.Layers;

        Assert.Equal([4, 4, 8, 4, 4, 4], layers.Select(layer => layer.Attention.Heads));
        Assert.Equal([12, 12, 6, 12, 12, 12], layers.Select(layer => layer.Attention.HeadWidth));
        Assert.Equal([96, 96, 96, 8, 8, 8], layers.Select(layer => layer.FeedForward.Width));
        Assert.All(layers, layer => Assert.Equal(Activation.Gelu, layer.FeedForward.Activation));
    }

    [Fact]
    public void GroupsOverrideBiasesOneByOne()
    {
        AttentionSpec attention = GoodSpec.Layer("attention: {heads: 4, bias: true}", "layers: [{attention: {bias: {output: false}}}]").Attention;
        Assert.True(attention is { QueryBias: true, KeyBias: true, ValueBias: true, OutputBias: false });
    }

    [Fact]
    public void GroupsOverrideNormsAndTheFinalNormIsTheStacks()
    {
        StackSpec stack = GoodSpec.Resolve(GoodSpec.With("layers: [{norm: {kind: rms, placement: both}}, {norm: {epsilon: 1e-6}}]")).Decoder!;

        // The file's own kind gives way, and so do the keys that only it has.
        Assert.Equal((NormKind.Rms, false, NormPlacement.Both), (stack.Layers[0].Norm.Kind, stack.Layers[0].Norm.Bias, stack.Layers[0].Placement));
        Assert.Equal((NormKind.Layer, 1e-6), (stack.Layers[1].Norm.Kind, stack.Layers[1].Norm.Epsilon));
        Assert.Equal(new NormSpec(NormKind.Layer, 1e-5, true, false), stack.FinalNorm);
    }

    [Fact]
    public void OuterKeysMayStandIdleInGroupsThatChangeTheKind() =>
        Assert.Null(GoodSpec.Layer("positions: {kind: rotary, base: 500, pairing: half}", "layers: [{positions: {kind: none}}]").Attention.Rotary);

    [Fact]
    public void GroupsCanHaveNoPositionsOrOthers()
    {
        StackSpec stack = GoodSpec.Resolve(GoodSpec.With(
            "positions: {kind: rotary, base: 500}",
            "layers: [{repeat: 2}, {positions: {kind: none}}, {positions: {base: 1000}}]")).Decoder!;
        Assert.Equal([500, 500, null, 1000], stack.Layers.Select(layer => layer.Attention.Rotary?.Base));
    }

    [Fact]
    public void AddedPositionsAndRotationsCanBeTogether()
    {
        StackSpec stack = GoodSpec.Resolve(GoodSpec.With("positions: {kind: learned}", "layers: [{}, {positions: {kind: rotary}}]")).Decoder!;

        Assert.Equal(PositionKind.Learned, stack.Positions.Kind);
        Assert.Equal([null, 12], stack.Layers.Select(layer => layer.Attention.Rotary?.Width));
    }

    [Fact]
    public void DecoderSectionOverridesTheFile()
    {
        StackSpec stack = GoodSpec.Resolve(GoodSpec.With("decoder: {layers: 3, attention: {key_value_heads: 2}, context: 8}")).Decoder!;
        Assert.Equal((3, 8), (stack.Layers.Count, stack.Context));
        Assert.Equal((4, 2), (stack.Layers[0].Attention.Heads, stack.Layers[0].Attention.KeyValueHeads));
    }

    [Fact]
    public void DecoderSectionCanSayWhatTheFileDoesNot() =>
        Assert.Equal(7, GoodSpec.Resolve(GoodSpec.Without("layers") + "decoder: {layers: 7}\n").Decoder!.Layers.Count);

    [Fact]
    public void EncoderOnlyHasAnEncoder()
    {
        ModelSpec spec = GoodSpec.Resolve(GoodSpec.With("architecture: encoder-only", "encoder: {layers: 3}"));
        Assert.Null(spec.Decoder);
        Assert.Equal(3, spec.Encoder!.Layers.Count);
    }

    [Fact]
    public void EncoderDecoderHasBothOverTheFile()
    {
        ParsedModel parsed = GoodSpec.Parse(GoodSpec.With("architecture: encoder-decoder", "encoder: {layers: 3, norm: {kind: rms}}", "decoder: {attention: {heads: 8}}"));
        ModelSpec spec = Assert.IsType<ModelSpec>(parsed.Spec);

        Assert.Equal((3, 2), (spec.Encoder!.Layers.Count, spec.Decoder!.Layers.Count));
        Assert.Equal((NormKind.Rms, NormKind.Layer), (spec.Encoder.Layers[0].Norm.Kind, spec.Decoder.Layers[0].Norm.Kind));
        Assert.Equal((4, 8), (spec.Encoder.Layers[0].Attention.Heads, spec.Decoder.Layers[0].Attention.Heads));
        Assert.Equal(9, parsed.Source.Find("encoder.layers.2.norm.kind")!.Line);
        Assert.Equal(10, parsed.Source.Find("decoder.layers.0.attention.heads")!.Line);
    }
}
