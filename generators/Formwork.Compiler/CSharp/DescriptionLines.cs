using Formwork.Compiler.Graph;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.CSharp;

/// <summary>What a model's description says beyond what every model has: only what this one has.</summary>
internal static class DescriptionLines
{
    /// <summary>Initializers of the runtime's description, a line each.</summary>
    public static IEnumerable<string> Of(ModelPlan plan)
    {
        ModelSpec spec = plan.Graph.Spec;
        if (spec.Architecture != Architecture.DecoderOnly)
            yield return $"Architecture = ModelArchitecture.{spec.Architecture},";
        if ((spec.Decoder ?? spec.Encoder)!.Positions.Kind is PositionKind.Alibi or PositionKind.Relative)
            yield return "EndlessPositions = true,";
        if (plan.CacheSegments.Count > 0)
        {
            yield return $"CachePositionFloats = {plan.CachePositionFloats},";
            yield return $"CacheSegments = ModelDescription.Segments({Runs(plan.CacheSegments)}),";
        }
        IEnumerable<string> more = spec.Architecture switch
        {
            Architecture.EncoderOnly => Encoder(spec, plan),
            Architecture.EncoderDecoder => EncoderDecoder(spec, plan),
            _ => [],
        };
        foreach (string line in more)
            yield return line;
        if (Generation(spec.Generation) is { Length: > 0 } generation)
            yield return $"Generation = new GenerationDefaults {{ {generation} }},";
    }

    private static IEnumerable<string> Encoder(ModelSpec spec, ModelPlan plan)
    {
        yield return $"ScratchPositionFloats = {plan.ScratchPositionFloats},";
        yield return $"HiddenStride = {Kernel.Padded(spec.Width)},";
        if (spec.Encoder!.TakesVectors)
            yield return "VectorInput = true,";
        if (spec.Embedding.TokenTypes > 0)
            yield return $"TokenTypes = {spec.Embedding.TokenTypes},";
        if (spec.Unembedding is not null)
            yield return "HasMaskedLanguageModel = true,";
        if (spec.Pooler is not null)
        {
            yield return "HasPooler = true,";
            yield return $"PooledStride = {Kernel.Padded(spec.Width)},";
        }
        if (spec.Classifier is { } classifier)
        {
            yield return $"Labels = {classifier.Labels},";
            yield return $"LabelStride = {Kernel.Padded(classifier.Labels)},";
        }
        yield return $"Pooling = new PoolingDescription(PoolingKind.{spec.Pooling.Kind}, Normalize: {CSharpLiteral.Boolean(spec.Pooling.Normalize)}),";
    }

    private static IEnumerable<string> EncoderDecoder(ModelSpec spec, ModelPlan plan)
    {
        yield return $"ScratchPositionFloats = {plan.ScratchPositionFloats},";
        yield return $"MemorySegments = ModelDescription.Segments({Runs(plan.MemorySegments)}),";
        yield return $"HiddenStride = {Kernel.Padded(spec.Width)},";
        yield return $"SourceContext = {spec.Encoder!.Context},";
        if (spec.SourceVocabulary is { } vocabulary)
            yield return $"SourceVocabulary = {vocabulary},";
        if (spec.Encoder.TakesVectors)
            yield return "VectorInput = true,";
        yield return $"DecoderLayers = {spec.Decoder!.Layers.Count},";
        yield return $"Heads = {spec.Decoder.Layers[0].CrossAttention!.Heads},";
    }

    private static string Generation(GenerationSpec generation)
    {
        var set = new List<string>();
        void Add(string property, object? value)
        {
            if (value is not null)
                set.Add($"{property} = {(value is double number ? CSharpLiteral.Float(number) : value)}");
        }

        Add("Start", generation.Start);
        Add("ForcedFirst", List(generation.ForcedFirst));
        Add("Suppressed", List(generation.Suppressed));
        Add("Temperature", generation.Temperature);
        Add("TopK", generation.TopK);
        Add("TopP", generation.TopP);
        Add("RepetitionPenalty", generation.RepetitionPenalty);
        Add("Beams", generation.Beams);
        Add("LengthPenalty", generation.LengthPenalty);
        return string.Join(", ", set);
    }

    private static string? List(IReadOnlyCollection<int> tokens) => tokens.Count == 0 ? null : $"[{string.Join(", ", tokens)}]";

    // 64, 64, 64, 128 → (3, 64), (1, 128)
    private static string Runs(IReadOnlyList<int> values)
    {
        var runs = new List<string>();
        for (int start = 0, end = 0; start < values.Count; start = end)
        {
            while (end < values.Count && values[end] == values[start])
                end++;
            runs.Add($"({end - start}, {values[start]})");
        }
        return string.Join(", ", runs);
    }
}
