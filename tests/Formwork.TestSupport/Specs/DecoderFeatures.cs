using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.TestSupport.Specs;

/// <summary>What families since Llama do otherwise, each on its own.</summary>
public static class DecoderFeatures
{
    /// <summary>The specs by what they show, against two plain backgrounds.</summary>
    public static IEnumerable<(string Name, ModelSpec Spec)> List(ModelSpec gpt2, ModelSpec llama) =>
        [.. Attentions(llama), .. Positions(gpt2, llama), .. Scalings(llama), .. Latents(llama), .. Parts(gpt2, llama), .. Ends(gpt2, llama)];

    private static IEnumerable<(string, ModelSpec)> Attentions(ModelSpec llama)
    {
        foreach (int window in new[] { 1, 3, 16 })
            yield return ($"window {window}", llama.WithAttention(attention => attention with { Window = window }));
        yield return ("window 70 of 200", SmallSpecs.Llama(context: 200, layers: 1).WithAttention(attention => attention with { Window = 70 }));
        yield return ("score cap", llama.WithAttention(attention => attention with { ScoreCap = 0.5 }));
        yield return ("sinks", llama.WithAttention(attention => attention with { Sinks = true }));
        yield return ("sinks with window and cap", llama.WithAttention(attention => attention with { Sinks = true, Window = 4, ScoreCap = 2 }));
        foreach (QueryKeyNorm kind in new[] { QueryKeyNorm.Head, QueryKeyNorm.Whole })
            yield return ($"query/key norm of the {kind}", llama.WithAttention(attention => attention with { QueryKeyNorm = kind }));
        yield return ("query/key layer norm, heads of 5", SmallSpecs.Gpt2(context: 24).WithAttention(attention => attention with { QueryKeyNorm = QueryKeyNorm.Head, HeadWidth = 5 }));
    }

    private static IEnumerable<(string, ModelSpec)> Positions(ModelSpec gpt2, ModelSpec llama)
    {
        yield return ("slopes", gpt2.WithPositions(PositionKind.Alibi));
        yield return ("slopes for 6 heads over 3", llama.WithPositions(PositionKind.Alibi).WithAttention(attention => attention with { Heads = 6, KeyValueHeads = 3, Rotary = null }));
        yield return ("relative positions", gpt2.WithPositions(PositionKind.Relative));
        yield return ("relative positions, context of 200", SmallSpecs.Llama(context: 200, layers: 1).WithPositions(PositionKind.Relative));
        yield return ("learned positions from 2", Offset(gpt2));
        yield return ("sinusoidal positions from 2, closed", Offset(gpt2.WithPositions(PositionKind.Sinusoidal, SinusoidalArrangement.Halves), SinusoidalSpacing.Closed));
    }

    private static ModelSpec Offset(ModelSpec spec, SinusoidalSpacing spacing = SinusoidalSpacing.Open) =>
        spec with { Decoder = spec.Decoder! with { Positions = spec.Decoder.Positions with { Offset = 2, Spacing = spacing } } };

    private static IEnumerable<(string, ModelSpec)> Scalings(ModelSpec llama)
    {
        yield return ("linear scaling", Scaled(new RotaryScalingSpec(RotaryScalingKind.Linear, 4)));
        yield return ("ntk scaling", Scaled(new RotaryScalingSpec(RotaryScalingKind.Ntk, 4)));
        yield return ("yarn", Scaled(new RotaryScalingSpec(RotaryScalingKind.Yarn, 4)
        {
            OriginalContext = 16, BetaFast = 2, BetaSlow = 0.5, Truncate = true, AttentionFactor = 1.1386,
        }));
        yield return ("llama3 scaling", Scaled(new RotaryScalingSpec(RotaryScalingKind.Llama3, 8) { OriginalContext = 100, LowFrequencyFactor = 1, HighFrequencyFactor = 4 }));
        foreach (int original in new[] { 12, 24 })
        {
            yield return ($"longrope from {original}", Scaled(new RotaryScalingSpec(RotaryScalingKind.LongRope, 1)
            {
                OriginalContext = original,
                AttentionFactor = 1.2,
                ShortFactors = new double[] { 1, 1.1, 1.2, 1.3 }.ToEquatableArray(),
                LongFactors = new double[] { 1, 2, 4, 8 }.ToEquatableArray(),
            }));
        }

        ModelSpec Scaled(RotaryScalingSpec scaling) => llama.WithAttention(attention => attention with { Rotary = attention.Rotary! with { Scaling = scaling } });
    }

    private static IEnumerable<(string, ModelSpec)> Latents(ModelSpec llama)
    {
        foreach (RotaryPairing pairing in Enum.GetValues<RotaryPairing>())
        {
            yield return ($"latent attention, {pairing}", Latent(new LatentSpec(20, 24, 6, 10), pairing));
            yield return ($"latent attention with plain queries, {pairing}", Latent(new LatentSpec(null, 33, 8, 16), pairing));
            RotaryPairing other = pairing == RotaryPairing.Half ? RotaryPairing.Interleaved : RotaryPairing.Half;
            yield return ($"latent attention stored in the other pairing than {pairing}", Latent(new LatentSpec(null, 24, 8, 12), pairing) with { Weights = CanonicalLayout.Value.WithPairing(other) });
        }

        ModelSpec Latent(LatentSpec latent, RotaryPairing pairing) => llama.WithAttention(attention => attention with
        {
            Latent = latent, KeyValueHeads = attention.Heads, HeadWidth = 14, Rotary = new RotarySpec(10000, pairing, latent.RotaryWidth),
        });
    }

    private static IEnumerable<(string, ModelSpec)> Parts(ModelSpec gpt2, ModelSpec llama)
    {
        foreach (PartsArrangement parts in new[] { PartsArrangement.Parallel, PartsArrangement.ParallelSharedNorm })
            yield return ($"{parts}", gpt2.WithLayers(layer => layer with { Parts = parts }));
        yield return ("residual scale", llama.WithLayers(layer => layer with { ResidualScale = 0.22 }));
        yield return ("residual scale, normed parts", llama.WithLayers(layer => layer with { ResidualScale = 0.22, Placement = NormPlacement.Both }));
        yield return ("bounded gate and up + 1", llama.WithFeedForward(part => part with
        {
            Activation = Activation.GeluSigmoid, Clamp = 0.5, UpOffset = 1, GateBias = true, UpBias = true, DownBias = true,
        }));
        foreach (Activation activation in new[] { Activation.GeluSigmoid, Activation.Tanh, Activation.Sigmoid })
            yield return ($"{activation}", gpt2.WithFeedForward(part => part with { Activation = activation }));
        yield return ("no norm before the first attention", llama.WithLayers(
            llama.Decoder!.Layers[0] with { Attention = llama.Decoder.Layers[0].Attention with { Norm = NormSpec.Nothing } }, llama.Decoder.Layers[1]));
        yield return ("another norm of the feed-forward part", llama.WithFeedForward(part => part with { Norm = new NormSpec(NormKind.Layer, 1e-3, true, false) }));
        yield return ("no norms", llama.WithNorm(_ => NormSpec.Nothing) with { Decoder = llama.Decoder with { FinalNorm = null } });
    }

    private static IEnumerable<(string, ModelSpec)> Ends(ModelSpec gpt2, ModelSpec llama)
    {
        yield return ("scaled and capped logits", llama with { Unembedding = new UnembeddingSpec(Tied: false, Bias: true) { Scale = 0.125, Cap = 0.3 } });
        yield return ("scaled logits", llama with { Unembedding = new UnembeddingSpec(Tied: true, Bias: false) { Scale = 0.125 } });
        NormSpec norm = gpt2.Decoder!.Layers[0].Norm;
        yield return ("normed embedding", gpt2 with { Decoder = gpt2.Decoder with { EmbeddingNorm = norm } });
        yield return ("a map before the logits", gpt2 with { Unembedding = new UnembeddingSpec(true, true) { Transform = Activation.Gelu, TransformBias = true, TransformNorm = norm } });
        yield return ("no final norm", llama with { Decoder = llama.Decoder! with { FinalNorm = null } });
        yield return ("stored with gate and up in turn", llama with { Weights = CanonicalLayout.Value.WithFused("h.{layer}.gate_up", false, "gate", "up").WithRowsInTurn() });
        yield return ("stored head by head", llama with { Weights = CanonicalLayout.Value.WithFused("h.{layer}.attn", false, "query", "key", "value").WithRowsByHead() });
    }
}
