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
    public StackSpec Resolve()
    {
        Cascade norm = stack.Section("norm");
        NormPlacement placement = norm.Choice<NormPlacement>("placement") ?? NormPlacement.Pre;
        return new StackSpec(
            stack.Integer("context") ?? 1,
            Positions(),
            Layers(),
            placement == NormPlacement.Post ? null : LayerResolver.Norm(norm));
    }

    private PositionsSpec Positions()
    {
        Cascade positions = stack.Section("positions");
        positions.CheckConditions();
        SpecValue? kind = positions.Find("kind");
        if (kind?.Data is PositionsChoice.Sinusoidal && width % 2 == 1)
            diagnostics.Report(DiagnosticCatalog.OddSinusoidWidth, kind.Span, kind.Path, width, width - 1, width + 1);
        return positions.Choice<PositionsChoice>("kind") switch
        {
            PositionsChoice.Learned => new PositionsSpec(PositionKind.Learned, 0, SinusoidalArrangement.Interleaved),
            PositionsChoice.Sinusoidal => new PositionsSpec(
                PositionKind.Sinusoidal,
                positions.Number("base") ?? LayerResolver.DefaultBase,
                positions.Choice<SinusoidalArrangement>("arrangement") ?? SinusoidalArrangement.Interleaved),
            _ => new PositionsSpec(PositionKind.None, 0, SinusoidalArrangement.Interleaved),
        };
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
        var layer = new LayerResolver(stack.With(group), width, diagnostics);
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
