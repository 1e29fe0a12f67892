using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Specs;

/// <summary>Makes a spec that fails simpler, one thing at a time, for as long as it still fails.</summary>
public static class SpecShrinker
{
    private static readonly Func<LayerSpec, LayerSpec>[] LayerSteps =
    [
        layer => layer with { Placement = NormPlacement.Pre },
        layer => layer with { Norm = new NormSpec(NormKind.Rms, 1e-5, false, false) },
        layer => layer with { Attention = layer.Attention with { Rotary = null } },
        layer => layer with { Attention = layer.Attention with { QueryBias = false, KeyBias = false, ValueBias = false, OutputBias = false } },
        layer => layer with { Attention = layer.Attention with { QueryBias = false } },
        layer => layer with { Attention = layer.Attention with { KeyBias = false } },
        layer => layer with { Attention = layer.Attention with { ValueBias = false } },
        layer => layer with { Attention = layer.Attention with { OutputBias = false } },
        layer => layer with { Attention = layer.Attention with { Heads = 1, KeyValueHeads = 1 } },
        layer => layer with { Attention = layer.Attention with { Heads = layer.Attention.KeyValueHeads } },
        layer => layer with { Attention = layer.Attention with { HeadWidth = 8, Scale = 1 / Math.Sqrt(8), Rotary = layer.Attention.Rotary?.UpTo(8) } },
        layer => layer with { FeedForward = layer.FeedForward with { Experts = null } },
        layer => layer with { FeedForward = layer.FeedForward with { Experts = layer.FeedForward.Experts is null ? null : new ExpertsSpec(2, 1) } },
        layer => layer with { FeedForward = layer.FeedForward with { Gated = false, GateBias = false } },
        layer => layer with { FeedForward = layer.FeedForward with { GateBias = false, UpBias = false, DownBias = false } },
        layer => layer with { FeedForward = layer.FeedForward with { Activation = Activation.Relu } },
        layer => layer with { FeedForward = layer.FeedForward with { Width = 8 } },
    ];

    private static readonly Func<ModelSpec, ModelSpec>[] Steps =
    [
        spec => spec.WithLayers(spec.Decoder!.Layers.Take(1).ToArray()),
        spec => spec.WithLayers(spec.Decoder!.Layers.Skip(Math.Min(1, spec.Decoder.Layers.Count - 1)).ToArray()),
        spec => spec with { Weights = CanonicalLayout.Value },
        spec => spec.WithPositions(PositionKind.None),
        spec => spec with { Embedding = new EmbeddingSpec(1) },
        spec => spec with { Unembedding = new UnembeddingSpec(false, false) },
        spec => spec with { Vocabulary = 16 },
        spec => spec with { Width = 16 },
        spec => spec with { Decoder = spec.Decoder! with { Context = 8 } },
        .. LayerSteps.Select(step => (Func<ModelSpec, ModelSpec>)(spec => spec.WithLayers(step))),
    ];

    /// <summary>The simplest spec found that still fails.</summary>
    /// <param name="spec">A spec that fails.</param>
    /// <param name="fails">Whether a simpler one fails too.</param>
    public static ModelSpec Shrink(ModelSpec spec, Func<ModelSpec, bool> fails)
    {
        for (bool simpler = true; simpler;)
        {
            simpler = false;
            foreach (Func<ModelSpec, ModelSpec> step in Steps)
            {
                ModelSpec tried = step(spec);
                if (tried != spec && fails(tried))
                    (spec, simpler) = (tried, true);
            }
        }
        return spec;
    }

    private static RotarySpec UpTo(this RotarySpec rotary, int width) => rotary with { Width = Math.Min(rotary.Width, width) };
}
