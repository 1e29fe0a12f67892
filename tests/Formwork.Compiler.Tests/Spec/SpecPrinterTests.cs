using System.Globalization;
using Formwork.Compiler.Spec;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

public sealed class SpecPrinterTests
{
    [Fact]
    public void PrintSaysEverything() => Assert.Equal(
        """
        model: Tiny
        architecture: decoder-only
        vocabulary: 100
        width: 48
        context: 32
        layers: 2
        attention: {heads: 4, key_value_heads: 4, head_width: 12, bias: false, scale: 0.2886751345948129}
        feed_forward: {width: 96, activation: gelu, gated: false, bias: false}
        norm: {kind: layer, epsilon: 1e-05, placement: pre, bias: true, unit_offset: false}
        positions: {kind: none}
        embedding: {tied: true, scale: 1}
        unembedding: {bias: false}
        weights: {layout: formwork}
        tokenizer: {kind: none, end: []}

        """,
        SpecPrinter.Print(GoodSpec.Resolve(GoodSpec.Text)));

    [Fact]
    public void WhatLearningNeedsIsPrintedAndReadBack()
    {
        ModelSpec spec = GoodSpec.Resolve(GoodSpec.With("training: {dropout: {embedding: 0.1, attention: 0.25}, recompute: layers}"));

        string print = SpecPrinter.Print(spec);

        Assert.EndsWith("training: {dropout: {embedding: 0.1, residual: 0, attention: 0.25, activation: 0}, recompute: layers}\n", print, StringComparison.Ordinal);
        Assert.Equal(spec, GoodSpec.Resolve(print));
    }

    [Fact]
    public void PrintOfGroupsShowsEachOnce() => Assert.Contains(
        """
        layers:
          - repeat: 3
            attention: {heads: 4, key_value_heads: 4, head_width: 12, bias: false, scale: 0.2886751345948129}
            feed_forward: {width: 96, activation: gelu, gated: false, bias: false}
            norm: {kind: layer, epsilon: 1e-05, placement: pre, bias: true, unit_offset: false}
            positions: {kind: rotary, base: 10000, pairing: half, fraction: 1}
          - repeat: 1
            attention: {heads: 2, key_value_heads: 2, head_width: 24, bias: {query: true, key: false, value: false, output: false}, scale: 0.5}
        """,
        SpecPrinter.Print(GoodSpec.Resolve(GoodSpec.With(
            "positions: {kind: rotary}",
            "layers: [{repeat: 2}, {}, {attention: {heads: 2, scale: 0.5, bias: {query: true}}}]"))));

    [Theory]
    [InlineData("layers: [{repeat: 2, attention: {heads: 2}}, {positions: {kind: rotary, fraction: 0.5}, norm: {placement: both}}]")]
    [InlineData("norm: {kind: rms, placement: post, epsilon: 3e-7, unit_offset: true}")]
    [InlineData("layers: [{norm: {placement: post}}, {norm: {placement: post}}]")]
    [InlineData("layers: [{norm: {kind: rms}}]")]
    [InlineData("layers: [{norm: {kind: layer, bias: false, placement: output}, positions: {kind: rotary}}]\npositions: {kind: learned}")]
    [InlineData("feed_forward: {width: 7, activation: relu_squared, gated: true, bias: {gate: true, down: true}}")]
    [InlineData("positions: {kind: sinusoidal, base: 1e4, arrangement: halves}")]
    [InlineData("embedding: {tied: false, scale: sqrt_width}\nunembedding: {bias: true}")]
    [InlineData("embedding: {scale: 0.1}")]
    [InlineData("tokenizer: {kind: byte_bpe, file: 'a \"b\".json', merges_file: \"null\", begin: 0, end: [0, 99]}")]
    [InlineData("encoder: {layers: 3}\narchitecture: encoder-decoder")]
    [InlineData("architecture: encoder-only")]
    [InlineData("weights: {prefixes: ['', 'x.'], ignored: ['*.mask', 'λ'], tensors: {embedding.token: \"a\\tb\", layers.attention.key+query.weight: {tensor: '{layer}', transposed: true, pairing: interleaved}, layers.feed_forward.gate+up.bias: 'b{layer}'}}")]
    public void PrintParsesToAnEqualSpec(string entries)
    {
        ModelSpec spec = GoodSpec.Resolve(GoodSpec.With(entries.Split('\n')));
        string print = SpecPrinter.Print(spec);
        Assert.Equal(spec, GoodSpec.Resolve(print));
        Assert.Equal(print, SpecPrinter.Print(GoodSpec.Resolve(print)));
    }

    [Theory, MemberData(nameof(ModelFilesTests.Files), MemberType = typeof(ModelFilesTests))]
    public void PrintOfEveryShippedModelParsesToAnEqualSpec(string file)
    {
        ModelSpec spec = GoodSpec.Resolve(File.ReadAllText(Path.Combine(TestData.Repository, file)));
        Assert.Equal(spec, GoodSpec.Resolve(SpecPrinter.Print(spec)));
    }

    [Fact]
    public void PrintIsTheSameInEveryCulture()
    {
        ModelSpec spec = GoodSpec.Resolve(GoodSpec.With("attention: {heads: 4, scale: 0.5}"));
        string expected = SpecPrinter.Print(spec);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal(expected, SpecPrinter.Print(spec));
            Assert.Equal(spec, GoodSpec.Resolve(expected));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
