using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.TestSupport.Specs;

/// <summary>Specs as the parser would resolve them, small enough to compute by hand, and what is needed to vary them.</summary>
public static class SmallSpecs
{
    /// <summary>GPT-2 in small: layer norm with bias before each part, learned positions, all biases, tanh gelu, tied.</summary>
    public static ModelSpec Gpt2(string name = "SmallGpt2", int vocabulary = 53, int context = 32, int width = 32, int layers = 2, int heads = 4)
    {
        var attention = new AttentionSpec(heads, heads, width / heads, true, true, true, true, 1 / Math.Sqrt(width / (double)heads), null);
        var feedForward = new FeedForwardSpec(4 * width, Activation.GeluTanh, Gated: false, GateBias: false, UpBias: true, DownBias: true);
        var norm = new NormSpec(NormKind.Layer, 1e-5, Bias: true, UnitOffset: false);
        var layer = new LayerSpec(attention, feedForward, norm, NormPlacement.Pre);
        return Decoder(name, vocabulary, context, width, layer, layers, PositionKind.Learned, tied: true);
    }

    /// <summary>Llama in small: RMS norm before each part, rotary positions, grouped heads, gated silu, no bias, its own unembedding.</summary>
    public static ModelSpec Llama(
        string name = "SmallLlama", int vocabulary = 53, int context = 32, int width = 32, int layers = 2, int heads = 4, int keyValueHeads = 2)
    {
        int headWidth = width / heads;
        var rotary = new RotarySpec(10000, RotaryPairing.Half, headWidth);
        var attention = new AttentionSpec(heads, keyValueHeads, headWidth, false, false, false, false, 1 / Math.Sqrt(headWidth), rotary);
        var feedForward = new FeedForwardSpec(width * 8 / 3, Activation.Silu, Gated: true, GateBias: false, UpBias: false, DownBias: false);
        var norm = new NormSpec(NormKind.Rms, 1e-5, Bias: false, UnitOffset: false);
        var layer = new LayerSpec(attention, feedForward, norm, NormPlacement.Pre);
        return Decoder(name, vocabulary, context, width, layer, layers, PositionKind.None, tied: false);
    }

    /// <summary>The same spec with every layer changed; the final norm follows from the last layer's norm and placement.</summary>
    public static ModelSpec WithLayers(this ModelSpec spec, Func<LayerSpec, LayerSpec> change) =>
        spec.WithLayers(spec.Decoder!.Layers.Select(change).ToArray());

    /// <summary>The same spec with other layers; the final norm follows from the last layer's norm and placement.</summary>
    public static ModelSpec WithLayers(this ModelSpec spec, params LayerSpec[] layers) =>
        spec with { Decoder = spec.Decoder! with { Layers = layers.ToEquatableArray(), FinalNorm = FinalNorm(layers[^1]) } };

    /// <summary>The same spec with other attention in every layer.</summary>
    public static ModelSpec WithAttention(this ModelSpec spec, Func<AttentionSpec, AttentionSpec> change) =>
        spec.WithLayers(layer => layer with { Attention = change(layer.Attention) });

    /// <summary>The same spec with another feed-forward part in every layer.</summary>
    public static ModelSpec WithFeedForward(this ModelSpec spec, Func<FeedForwardSpec, FeedForwardSpec> change) =>
        spec.WithLayers(layer => layer with { FeedForward = change(layer.FeedForward) });

    /// <summary>The same spec with other norms everywhere.</summary>
    public static ModelSpec WithNorm(this ModelSpec spec, Func<NormSpec, NormSpec> change) =>
        spec.WithLayers(layer => layer with { Norm = change(layer.Norm) });

    /// <summary>The same spec with other positions beside the embedding.</summary>
    public static ModelSpec WithPositions(
        this ModelSpec spec, PositionKind kind, SinusoidalArrangement arrangement = SinusoidalArrangement.Interleaved) =>
        spec with { Decoder = spec.Decoder! with { Positions = Positions(kind, arrangement) } };

    /// <summary>BERT in small: layer norm after each part and after the embedding, token types, learned positions, all biases, all heads on top.</summary>
    public static ModelSpec Bert(string name = "SmallBert", int vocabulary = 53, int context = 32, int width = 32, int layers = 2, int heads = 4)
    {
        ModelSpec gpt2 = Gpt2(name, vocabulary, context, width, layers, heads)
            .WithLayers(layer => layer with { Placement = NormPlacement.Post, FeedForward = layer.FeedForward with { Activation = Activation.Gelu } });
        NormSpec norm = gpt2.Decoder!.Layers[0].Norm;
        return gpt2.AsEncoder() with
        {
            Encoder = gpt2.Decoder with { EmbeddingNorm = norm },
            Embedding = new EmbeddingSpec(1) { TokenTypes = 2 },
            Unembedding = new UnembeddingSpec(Tied: true, Bias: true) { Transform = Activation.Gelu, TransformBias = true, TransformNorm = norm },
            Pooler = new PoolerSpec(Activation.Tanh, Bias: true),
            Classifier = new ClassifierSpec(3, Bias: true),
        };
    }

    /// <summary>
    /// The model of Vaswani et al. 2017 in small: sinusoidal positions, layer norm after each part, relu, one table for source, target and
    /// logits, times √width.
    /// </summary>
    public static ModelSpec Translator(string name = "SmallTranslator", int vocabulary = 53, int context = 24, int width = 32, int layers = 2, int heads = 4)
    {
        ModelSpec gpt2 = Gpt2(name, vocabulary, context, width, layers, heads).WithPositions(PositionKind.Sinusoidal)
            .WithLayers(layer => layer with { Placement = NormPlacement.Post, FeedForward = layer.FeedForward with { Activation = Activation.Relu } });
        return gpt2.AsEncoderDecoder() with { Embedding = new EmbeddingSpec(Math.Sqrt(width)) };
    }

    /// <summary>A decoder's stack as an encoder's.</summary>
    public static ModelSpec AsEncoder(this ModelSpec spec) => spec with { Architecture = Architecture.EncoderOnly, Encoder = spec.Decoder, Decoder = null, Unembedding = null };

    /// <summary>A decoder's stack twice: as an encoder, and as a decoder that attends to it as it does to itself.</summary>
    public static ModelSpec AsEncoderDecoder(this ModelSpec spec)
    {
        LayerSpec[] layers = spec.Decoder!.Layers.Select(layer => layer with { CrossAttention = layer.Attention with { Rotary = null, Window = null } }).ToArray();
        return spec with
        {
            Architecture = Architecture.EncoderDecoder,
            Encoder = spec.Decoder,
            Decoder = spec.Decoder with { Layers = layers.ToEquatableArray() },
        };
    }

    private static ModelSpec Decoder(
        string name, int vocabulary, int context, int width, LayerSpec layer, int layers, PositionKind positions, bool tied)
    {
        var stack = new StackSpec(
            context,
            Positions(positions, SinusoidalArrangement.Interleaved),
            Enumerable.Repeat(layer, layers).ToEquatableArray(),
            FinalNorm(layer));
        var tokenizer = new TokenizerSpec(TokenizerKind.None, null, null, null, default);
        return new ModelSpec(
            name, Architecture.DecoderOnly, vocabulary, width, new EmbeddingSpec(1), null, stack, new UnembeddingSpec(tied, false), CanonicalLayout.Value, tokenizer);
    }

    private static PositionsSpec Positions(PositionKind kind, SinusoidalArrangement arrangement) =>
        new(kind, kind == PositionKind.Sinusoidal ? 10000 : 0, arrangement)
        {
            Buckets = kind == PositionKind.Relative ? 8 : 0,
            MaxDistance = kind == PositionKind.Relative ? 12 : 0,
        };

    private static NormSpec? FinalNorm(LayerSpec last) => last.Placement == NormPlacement.Post ? null : last.Norm;
}
