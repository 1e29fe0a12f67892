using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec;

/// <summary>Prints what stands on top of the last layer.</summary>
internal static class HeadsPrinter
{
    /// <summary>The sections that the spec has, by key.</summary>
    public static IEnumerable<(string Key, YamlFlow Section)> Print(ModelSpec spec)
    {
        if (spec.Unembedding is { } unembedding)
            yield return ("unembedding", Unembedding(unembedding));
        if (spec.Pooler is { } pooler)
            yield return ("pooler", new() { { "activation", SpecNames.Activations.Name(pooler.Activation) }, { "bias", pooler.Bias }, { "norm", pooler.Norm is not null } });
        if (spec.Classifier is { } classifier)
            yield return ("classifier", new() { { "labels", classifier.Labels }, { "bias", classifier.Bias } });
        if (spec.Architecture == Architecture.EncoderOnly)
            yield return ("pooling", new() { { "kind", SpecNames.Poolings.Name(spec.Pooling.Kind) }, { "normalize", spec.Pooling.Normalize } });
    }

    private static YamlFlow Unembedding(UnembeddingSpec unembedding)
    {
        var flow = new YamlFlow { { "bias", unembedding.Bias } };
        if (unembedding.Scale != 1)
            flow.Add("scale", unembedding.Scale);
        if (unembedding.Cap is { } cap)
            flow.Add("cap", cap);
        if (unembedding.Transform is not { } transform)
            return flow;
        flow.Add("transform", SpecNames.Activations.Name(transform));
        flow.Add("transform_bias", unembedding.TransformBias);
        return flow;
    }
}
