using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

public class GraphPrinterTests
{
    /// <summary>One layer with two query heads that share a key/value head, a gated feed-forward part with one bias, and scaled embeddings.</summary>
    [Fact]
    public void ALayerReadsAsThePaperWritesIt()
    {
        ModelSpec spec = SmallSpecs.Llama(name: "Tiny", vocabulary: 10, width: 8, layers: 1, heads: 2, keyValueHeads: 1)
            .WithFeedForward(feedForward => feedForward with { Width = 12, DownBias = true }) with { Embedding = new EmbeddingSpec(2) };

        Assert.Equal(
            """
            graph Tiny: 35 nodes, 672 parameters
            %0 tokens = token_ids() → int [tokens]
            %1 positions = position_ids() → int [tokens]
            %2 embedding.token = parameter() → [10, 8]
            %3 embedding = embedding(%0, %2) → [tokens, 8]
            %4 embedding.scaled = scale(%3) {2} → [tokens, 8]
            %5 layers.0.attention.norm.weight = parameter() → [8]
            %6 layers.0.attention.norm = rms_norm(%4, %5) {epsilon 1E-05} → [tokens, 8]
            %7 layers.0.attention.query.weight = parameter() → [8, 8]
            %8 layers.0.attention.query = linear(%6, %7) → [tokens, 8]
            %9 layers.0.attention.key.weight = parameter() → [4, 8]
            %10 layers.0.attention.key = linear(%6, %9) → [tokens, 4]
            %11 layers.0.attention.value.weight = parameter() → [4, 8]
            %12 layers.0.attention.value = linear(%6, %11) → [tokens, 4]
            %13 layers.0.attention.query.rotated = rotary(%8, %1) {2 heads of 4, 4 rotated, base 10000, half} → [tokens, 8]
            %14 layers.0.attention.key.rotated = rotary(%10, %1) {1 heads of 4, 4 rotated, base 10000, half} → [tokens, 4]
            %15 layers.0.attention.attended = attention(%13, %14, %12) {2 heads of 4 over 1, scale 0.5, causal} → [tokens, 8]
            %16 layers.0.attention.output.weight = parameter() → [8, 8]
            %17 layers.0.attention.output = linear(%15, %16) → [tokens, 8]
            %18 layers.0.attention.residual = add(%4, %17) → [tokens, 8]
            %19 layers.0.feed_forward.norm.weight = parameter() → [8]
            %20 layers.0.feed_forward.norm = rms_norm(%18, %19) {epsilon 1E-05} → [tokens, 8]
            %21 layers.0.feed_forward.gate.weight = parameter() → [12, 8]
            %22 layers.0.feed_forward.gate = linear(%20, %21) → [tokens, 12]
            %23 layers.0.feed_forward.gate.activated = silu(%22) → [tokens, 12]
            %24 layers.0.feed_forward.up.weight = parameter() → [12, 8]
            %25 layers.0.feed_forward.up = linear(%20, %24) → [tokens, 12]
            %26 layers.0.feed_forward.hidden = multiply(%23, %25) → [tokens, 12]
            %27 layers.0.feed_forward.down.weight = parameter() → [8, 12]
            %28 layers.0.feed_forward.down.bias = parameter() → [8]
            %29 layers.0.feed_forward.down = linear(%26, %27, %28) → [tokens, 8]
            %30 layers.0.feed_forward.residual = add(%18, %29) → [tokens, 8]
            %31 final_norm.weight = parameter() → [8]
            %32 final_norm = rms_norm(%30, %31) {epsilon 1E-05} → [tokens, 8]
            %33 unembedding.weight = parameter() → [10, 8]
            %34 logits = linear(%32, %33) → [tokens, 10]
            output %34

            """, GraphPrinter.Print(GraphBuilder.Build(spec)));
    }

    [Fact]
    public void WhatDistinguishesAnOperationIsPrinted()
    {
        ModelSpec spec = SmallSpecs.Gpt2()
            .WithPositions(PositionKind.Sinusoidal, SinusoidalArrangement.Halves)
            .WithNorm(norm => norm with { UnitOffset = true, Epsilon = 1e-6 });

        string text = GraphPrinter.Print(GraphBuilder.Build(spec));

        Assert.Contains("embedding.positions = sinusoidal_positions(%1) {base 10000, halves} → [tokens, 32]\n", text);
        Assert.Contains("{epsilon 1E-06, 1 + w} → [tokens, 32]\n", text);
        Assert.Contains("layers.0.feed_forward.hidden = gelu_tanh(", text);
    }
}
