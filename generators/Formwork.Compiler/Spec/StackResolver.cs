using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Spec;

/// <summary>Makes a <see cref="StackSpec"/> of the keys that hold for it.</summary>
/// <param name="stack">The keys.</param>
/// <param name="path">What stands before its parts' paths: nothing, or the stack's name where there are two.</param>
/// <param name="width">The model's width; null when it is not known.</param>
/// <param name="diagnostics">Where errors go.</param>
/// <param name="source">Where the places of each layer's values go.</param>
internal sealed class StackResolver(Cascade stack, string path, int? width, DiagnosticBag diagnostics, SourceMap source)
{
    private bool _crosses;

    public StackSpec Resolve(bool crosses, bool embeddingNorm)
    {
        _crosses = crosses;
        Cascade norm = stack.Section("norm");
        NormSpec resolved = LayerResolver.Norm(norm);
        bool finalNorm = stack.Flag("final_norm") ?? (norm.Choice<NormPlacement>("placement") ?? NormPlacement.Pre) != NormPlacement.Post;
        NormSpec? ifAny = resolved.Kind == NormKind.None ? null : resolved;
        PositionsSpec positions = new PositionsResolver(stack.Section("positions"), width, diagnostics).Resolve();
        EquatableArray<LayerSpec> layers = Layers();
        if (positions.Kind == PositionKind.Relative)
            CheckHeads(layers, stack.Section("positions").Find("kind")!);
        return new StackSpec(
            stack.Integer("context") ?? 1,
            positions,
            layers,
            finalNorm ? ifAny : null)
        {
            TakesVectors = stack.Choice<InputChoice>("input") == InputChoice.Vectors,
            EmbeddingNorm = embeddingNorm ? ifAny : null,
        };
    }

    private void CheckHeads(EquatableArray<LayerSpec> layers, SpecValue kind)
    {
        int[] heads = layers.Select(layer => layer.Attention.Heads).Distinct().ToArray();
        if (heads.Length > 1)
            diagnostics.Report(DiagnosticCatalog.RelativeHeads, kind.Span, kind.Path, string.Join(" and ", heads));
    }

    private EquatableArray<LayerSpec> Layers()
    {
        object? data = stack.Data("layers");
        var layers = new List<LayerSpec>();
        if (data is IReadOnlyList<SpecValue> groups)
        {
            foreach (SpecValue group in groups)
                AddGroup(layers, group.Data as SectionValues, group.Span);
            if (layers.Count > SpecLimits.Layers)
                diagnostics.Report(DiagnosticCatalog.TooManyLayers, stack.Find("layers")!.Span, layers.Count, SpecLimits.Layers);
        }
        else
            AddLayers(layers, null, data as int? ?? 1, stack.Find("layers")?.Span);
        return layers.ToEquatableArray();
    }

    private void AddGroup(List<LayerSpec> layers, SectionValues? group, SourceSpan span) =>
        AddLayers(layers, group, group?.Find("repeat")?.Data as int? ?? 1, span);

    private void AddLayers(List<LayerSpec> layers, SectionValues? group, int count, SourceSpan? span)
    {
        var layer = new LayerResolver(stack.With(group), width, stack.Find("context")?.Data as int?, _crosses, diagnostics);
        LayerSpec spec = layer.Resolve();
        // Beyond the limit layers are only counted, lest a list of large groups fill the memory.
        for (int i = 0; i < count && layers.Count <= SpecLimits.Layers; i++)
        {
            string layerPath = $"{path}layers.{layers.Count}";
            if (span is not null)
                source.Add(layerPath, span);
            foreach ((string part, SourceSpan place) in layer.Places)
                source.Add($"{layerPath}.{part}", place);
            layers.Add(spec);
        }
    }
}
