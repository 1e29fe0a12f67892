using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Specs;

/// <summary>Small encoders and encoder-decoders that each show one thing.</summary>
public static class EncoderFeatures
{
    /// <summary>Encoders by what they show.</summary>
    public static IReadOnlyDictionary<string, ModelSpec> Encoders { get; } = Named("Encoder", ListEncoders());

    /// <summary>Encoder-decoders by what they show.</summary>
    public static IReadOnlyDictionary<string, ModelSpec> Translators { get; } = Named("Translator", ListTranslators());

    private static IReadOnlyDictionary<string, ModelSpec> Named(string stem, IEnumerable<(string Name, ModelSpec Spec)> features) => features
        .Select((feature, index) => (feature.Name, Spec: feature.Spec with { Name = $"{stem}Feature{index}" }))
        .ToDictionary(feature => feature.Name, feature => feature.Spec);

    private static IEnumerable<(string, ModelSpec)> ListEncoders()
    {
        ModelSpec bert = SmallSpecs.Bert(context: 40), llama = SmallSpecs.Llama(context: 40);
        yield return ("bert", bert);
        yield return ("bert of width 33", SmallSpecs.Bert(context: 40, width: 33, heads: 3));
        yield return ("no heads on top", bert with { Unembedding = null, Pooler = null, Classifier = null });
        yield return ("a classifier without pooler", bert with { Pooler = null });
        yield return ("a pooler with norm", bert with { Pooler = bert.Pooler! with { Activation = Activation.Gelu, Norm = bert.Encoder!.EmbeddingNorm } });
        yield return ("final norm, rotary positions, untied logits", llama.AsEncoder() with { Unembedding = new UnembeddingSpec(Tied: false, Bias: true) });
        yield return ("a window", llama.WithAttention(attention => attention with { Window = 6 }).AsEncoder());
        yield return ("relative positions", SmallSpecs.Gpt2(context: 40).WithPositions(PositionKind.Relative).AsEncoder());
        yield return ("slopes", SmallSpecs.Gpt2(context: 40).WithPositions(PositionKind.Alibi).AsEncoder());
        ModelSpec vectors = llama.AsEncoder();
        yield return ("vectors", vectors with { Encoder = vectors.Encoder! with { TakesVectors = true } });
        yield return ("vectors with pooler and classifier", vectors with
        {
            Encoder = vectors.Encoder with { TakesVectors = true }, Pooler = new PoolerSpec(Activation.Tanh, Bias: true), Classifier = new ClassifierSpec(7, Bias: true),
        });
        ModelSpec placed = SmallSpecs.Gpt2(context: 40).AsEncoder();
        yield return ("vectors with learned positions", placed with { Encoder = placed.Encoder! with { TakesVectors = true } });
        yield return ("experts", Mixed(SmallSpecs.Gpt2(context: 40)).AsEncoder());
        yield return ("context of 150", SmallSpecs.Bert(context: 150, layers: 1));
    }

    private static IEnumerable<(string, ModelSpec)> ListTranslators()
    {
        ModelSpec vaswani = SmallSpecs.Translator();
        yield return ("vaswani", vaswani);
        yield return ("two vocabularies, untied logits", vaswani with
        {
            SourceVocabulary = 71, Embedding = vaswani.Embedding with { Shared = false }, Unembedding = new UnembeddingSpec(Tied: false, Bias: true),
        });
        yield return ("two tables of one vocabulary", vaswani with { Embedding = vaswani.Embedding with { Shared = false } });
        yield return ("t5", SmallSpecs.Llama(context: 24).WithAttention(attention => attention with { Rotary = null, Scale = 1, KeyValueHeads = attention.Heads })
            .WithPositions(PositionKind.Relative).AsEncoderDecoder());
        yield return ("grouped heads, query/key norm", SmallSpecs.Llama(context: 24).WithAttention(attention => attention with { QueryKeyNorm = QueryKeyNorm.Head }).AsEncoderDecoder());
        yield return ("stacks of other depths and contexts", Uneven(SmallSpecs.Gpt2(context: 24, layers: 3).AsEncoderDecoder()));
        yield return ("both sides normed", SmallSpecs.Gpt2(context: 24).WithLayers(layer => layer with { Placement = NormPlacement.Both }).AsEncoderDecoder());
        yield return ("experts in both stacks", Mixed(SmallSpecs.Gpt2(context: 24)).AsEncoderDecoder());
        ModelSpec heard = SmallSpecs.Gpt2(context: 24).AsEncoderDecoder();
        yield return ("an encoder of vectors", heard with { Encoder = heard.Encoder! with { TakesVectors = true } });
    }

    private static ModelSpec Mixed(ModelSpec spec) => spec.WithFeedForward(part => part with { Width = 24, Experts = new ExpertsSpec(6, 2) });

    private static ModelSpec Uneven(ModelSpec spec)
    {
        ModelSpec shallow = SmallSpecs.Gpt2(context: 70, layers: 1);
        return spec with { Encoder = shallow.Decoder };
    }
}
