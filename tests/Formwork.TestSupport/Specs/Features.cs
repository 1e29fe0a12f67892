using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Specs;

/// <summary>Small specs that each show one thing, against a plain background.</summary>
public static class Features
{
    /// <summary>The specs by what they show.</summary>
    public static IReadOnlyDictionary<string, ModelSpec> All { get; } = List()
        .Select((feature, index) => (feature.Name, Spec: feature.Spec with { Name = $"Feature{index}" }))
        .ToDictionary(feature => feature.Name, feature => feature.Spec);

    private static ModelSpec Gpt2 => SmallSpecs.Gpt2(context: 24);

    private static ModelSpec Llama => SmallSpecs.Llama(context: 24);

    private static IEnumerable<(string Name, ModelSpec Spec)> List() =>
        [("gpt2", Gpt2), ("llama", Llama), .. Norms(), .. Positions(), .. FeedForwards(), .. Attentions(), .. Biases(), .. Widths(), .. Ends(), .. Groups(), .. Layouts(), .. DecoderFeatures.List(Gpt2, Llama)];

    private static IEnumerable<(string, ModelSpec)> Norms()
    {
        foreach (NormPlacement placement in new[] { NormPlacement.Post, NormPlacement.Both, NormPlacement.Output })
        {
            yield return ($"layer norm, {placement}", Gpt2.WithLayers(layer => layer with { Placement = placement }));
            yield return ($"rms norm, {placement}", Llama.WithLayers(layer => layer with { Placement = placement }));
        }
        yield return ("layer norm without bias, large epsilon", Gpt2.WithNorm(norm => norm with { Bias = false, Epsilon = 0.5 }));
        yield return ("layer norm, 1 + w", Gpt2.WithNorm(norm => norm with { UnitOffset = true }));
        yield return ("rms norm, 1 + w, large epsilon", Llama.WithNorm(norm => norm with { UnitOffset = true, Epsilon = 0.5 }));
    }

    private static IEnumerable<(string, ModelSpec)> Positions()
    {
        yield return ("no positions", Gpt2.WithPositions(PositionKind.None));
        foreach (SinusoidalArrangement arrangement in Enum.GetValues<SinusoidalArrangement>())
            yield return ($"sinusoidal positions, {arrangement}", Gpt2.WithPositions(PositionKind.Sinusoidal, arrangement));
        yield return ("rotary, interleaved, base 500", Rotary(new RotarySpec(500, RotaryPairing.Interleaved, 8)));
        foreach (RotaryPairing pairing in Enum.GetValues<RotaryPairing>())
        {
            yield return ($"rotary, {pairing}, half of the head", Rotary(new RotarySpec(10000, pairing, 4)));
            yield return ($"rotary, {pairing}, head of 20 with 6 rotated", Rotary(new RotarySpec(10000, pairing, 6), headWidth: 20));
        }
    }

    private static ModelSpec Rotary(RotarySpec rotary, int headWidth = 8) =>
        Llama.WithAttention(attention => attention with { Rotary = rotary, HeadWidth = headWidth });

    private static IEnumerable<(string, ModelSpec)> FeedForwards()
    {
        foreach (Activation activation in new[] { Activation.Relu, Activation.ReluSquared, Activation.Gelu, Activation.Silu })
            yield return ($"{activation}", Gpt2.WithFeedForward(feedForward => feedForward with { Activation = activation }));
        foreach (Activation activation in new[] { Activation.Relu, Activation.ReluSquared, Activation.Gelu, Activation.GeluTanh })
            yield return ($"gated {activation}", Llama.WithFeedForward(feedForward => feedForward with { Activation = activation }));
        yield return ("feed-forward of 172", Llama.WithFeedForward(feedForward => feedForward with { Width = 172 }));
        yield return ("feed-forward of 1, without bias", Gpt2.WithFeedForward(feedForward => feedForward with { Width = 1, UpBias = false, DownBias = false }));
    }

    private static IEnumerable<(string, ModelSpec)> Attentions()
    {
        foreach ((int heads, int keyValueHeads) in new[] { (4, 1), (6, 3), (1, 1) })
            yield return ($"{heads} heads over {keyValueHeads}", Llama.WithAttention(attention => attention with { Heads = heads, KeyValueHeads = keyValueHeads }));
        foreach (int headWidth in new[] { 2, 5, 33, 64 })
            yield return ($"head width {headWidth}", Gpt2.WithAttention(attention => attention with { HeadWidth = headWidth, Scale = 1 / Math.Sqrt(headWidth) }));
        // Scores in the hundreds: without the largest subtracted, exp would overflow.
        yield return ("scale 30", Gpt2.WithAttention(attention => attention with { Scale = 30 }));
    }

    private static IEnumerable<(string, ModelSpec)> Biases()
    {
        yield return ("query and gate bias", Llama
            .WithAttention(attention => attention with { QueryBias = true }).WithFeedForward(feedForward => feedForward with { GateBias = true }));
        yield return ("key and up bias", Llama
            .WithAttention(attention => attention with { KeyBias = true }).WithFeedForward(feedForward => feedForward with { UpBias = true }));
        yield return ("value and down bias", Llama
            .WithAttention(attention => attention with { ValueBias = true }).WithFeedForward(feedForward => feedForward with { DownBias = true }));
        yield return ("output, gate and up bias", Llama
            .WithAttention(attention => attention with { OutputBias = true })
            .WithFeedForward(feedForward => feedForward with { GateBias = true, UpBias = true }));
    }

    private static IEnumerable<(string, ModelSpec)> Widths()
    {
        foreach (int width in new[] { 24, 40, 100 })
            yield return ($"gpt2 of width {width}", SmallSpecs.Gpt2(context: 24, width: width, heads: 2));
        yield return ("width 33", SmallSpecs.Gpt2(context: 24, width: 33, heads: 3));
        yield return ("llama of width 8, vocabulary of 2", SmallSpecs.Llama(context: 24, width: 8, vocabulary: 2));
        yield return ("llama of width 100, vocabulary of 131", SmallSpecs.Llama(context: 24, width: 100, heads: 2, keyValueHeads: 1, vocabulary: 131));
        yield return ("context of 1", SmallSpecs.Llama(context: 1));
        yield return ("context of 200", SmallSpecs.Llama(context: 200, layers: 1));
    }

    private static IEnumerable<(string, ModelSpec)> Ends()
    {
        yield return ("tied", Llama with { Unembedding = new UnembeddingSpec(Tied: true, Bias: false) });
        yield return ("tied, with bias", Llama with { Unembedding = new UnembeddingSpec(Tied: true, Bias: true) });
        yield return ("untied, with bias, scaled embedding", Llama with
        {
            Embedding = new EmbeddingSpec(Math.Sqrt(32)),
            Unembedding = new UnembeddingSpec(Tied: false, Bias: true),
        });
        yield return ("scaled embedding and positions", Gpt2.WithPositions(PositionKind.Sinusoidal) with { Embedding = new EmbeddingSpec(Math.Sqrt(32)) });
    }

    private static IEnumerable<(string, ModelSpec)> Groups()
    {
        LayerSpec llama = Llama.Decoder!.Layers[0], gpt2 = Gpt2.Decoder!.Layers[0];
        yield return ("a layer without rotary positions between two with", Llama.WithLayers(
            llama, llama with { Attention = llama.Attention with { Rotary = null } }, llama));
        yield return ("layers of other heads and widths", Llama.WithLayers(
            llama,
            llama with { Attention = llama.Attention with { Heads = 6, KeyValueHeads = 6 }, FeedForward = llama.FeedForward with { Width = 20 } },
            llama with { FeedForward = llama.FeedForward with { Gated = false, Activation = Activation.ReluSquared } }));
        yield return ("layers of GPT-2 and Llama in turn", Gpt2.WithLayers(gpt2, llama, gpt2, llama));
        yield return ("a layer of each placement", Llama.WithLayers(
            Enum.GetValues<NormPlacement>().Select(placement => llama with { Placement = placement }).ToArray()));
    }

    private static IEnumerable<(string, ModelSpec)> Layouts()
    {
        ModelSpec biased = Llama.WithAttention(attention => attention with { QueryBias = true, KeyBias = true, ValueBias = true });
        yield return ("stored transposed", Llama with { Weights = CanonicalLayout.Value.WithTransposedLayers() });
        yield return ("stored fused", biased with { Weights = CanonicalLayout.Value.WithFused("h.{layer}.attn", true, "query", "key", "value") });
        yield return ("stored fused and transposed", Gpt2 with
        {
            Weights = CanonicalLayout.Value.WithTransposedLayers().WithFused("h.{layer}.attn", true, "query", "key", "value").WithPrefixes("", "transformer."),
        });
        yield return ("stored with gate and up fused", Llama with { Weights = CanonicalLayout.Value.WithFused("h.{layer}.gate_up", false, "gate", "up") });
        foreach (RotaryPairing pairing in Enum.GetValues<RotaryPairing>())
        {
            RotarySpec rotary = new(10000, pairing, 6);
            RotaryPairing other = pairing == RotaryPairing.Half ? RotaryPairing.Interleaved : RotaryPairing.Half;
            yield return ($"stored in the other pairing than {pairing}", biased.WithAttention(attention => attention with { Rotary = rotary }) with
            {
                Weights = CanonicalLayout.Value.WithPairing(other),
            });
        }
    }
}
