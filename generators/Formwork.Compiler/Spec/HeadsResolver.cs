using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>Resolves what stands on top of the last layer.</summary>
/// <param name="model">The file's keys.</param>
/// <param name="file">The file's values.</param>
/// <param name="architecture">The architecture; null when it is not known.</param>
/// <param name="norm">The layers' norm, which heads use too.</param>
/// <param name="diagnostics">Where errors go.</param>
internal sealed class HeadsResolver(Cascade model, SectionValues file, Architecture? architecture, NormSpec? norm, DiagnosticBag diagnostics)
{
    private NormSpec? IfAny => norm is null or { Kind: NormKind.None } ? null : norm;

    /// <summary>The unembedding; an encoder has one when the section is written.</summary>
    public UnembeddingSpec? Unembedding(bool tied)
    {
        if (architecture == Architecture.EncoderOnly && file.Section("unembedding") is null)
            return null;
        Cascade unembedding = model.Section("unembedding");
        Activation? transform = unembedding.Choice<Activation>("transform");
        if (transform is null && unembedding.Find("transform_bias") is { } idle)
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, idle.Span, idle.Path, "without `transform`", "there is no map before the product; remove it");
        return new UnembeddingSpec(tied, unembedding.Flag("bias") ?? false)
        {
            Cap = unembedding.Number("cap"),
            Scale = unembedding.Number("scale") ?? 1,
            Transform = transform,
            TransformBias = transform is not null && (unembedding.Flag("transform_bias") ?? true),
            TransformNorm = transform is null ? null : IfAny,
        };
    }

    public PoolerSpec? Pooler()
    {
        if (OfEncoder("pooler") is not { } pooler)
            return null;
        return new PoolerSpec(pooler.Choice<Activation>("activation") ?? Activation.Tanh, pooler.Flag("bias") ?? true)
        {
            Norm = pooler.Flag("norm") == true ? IfAny : null,
        };
    }

    public ClassifierSpec? Classifier() =>
        OfEncoder("classifier") is { } classifier ? new ClassifierSpec(classifier.Integer("labels") ?? 1, classifier.Flag("bias") ?? true) : null;

    public PoolingSpec Pooling()
    {
        Cascade? pooling = OfEncoder("pooling");
        return new PoolingSpec(pooling?.Choice<PoolingKind>("kind") ?? PoolingKind.Mean, pooling?.Flag("normalize") ?? true);
    }

    private Cascade? OfEncoder(string key)
    {
        if (file.Find(key) is not { } found)
            return null;
        if (architecture is Architecture.DecoderOnly or Architecture.EncoderDecoder)
        {
            diagnostics.Report(
                DiagnosticCatalog.KeyWithoutMeaning, found.Span, found.Path, $"with `architecture` {SpecNames.Architectures.Name(architecture)}",
                "it belongs to encoder-only models; remove it");
        }
        return model.Section(key);
    }
}
