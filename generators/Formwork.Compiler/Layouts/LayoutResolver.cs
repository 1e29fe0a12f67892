using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Layouts;

/// <summary>Makes a <see cref="WeightLayout"/> of a layout's values, and checks them.</summary>
internal sealed class LayoutResolver
{
    private const string LayerHole = "{layer}";
    private const string OwnName = "own";

    /// <summary>What one product over the same input gives, and what checkpoints therefore store as one tensor.</summary>
    private static readonly string[][] Fusable = [["query", "key", "value"], ["gate", "up"]];

    private readonly DiagnosticBag _diagnostics;
    private readonly Dictionary<string, LayoutEntry> _entries = [];

    private LayoutResolver(DiagnosticBag diagnostics) => _diagnostics = diagnostics;

    /// <summary>A spec's <c>weights</c>: the name of a known layout, or a layout. Null after an error.</summary>
    public static WeightLayout? ResolveWeights(SectionValues weights, DiagnosticBag diagnostics)
    {
        if (weights.Find("layout") is not { } name)
            return Resolve(weights, OwnName, diagnostics);
        foreach (SpecValue other in weights.Values.Where(value => value != name))
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, other.Span, other.Path, "beside `weights.layout`", "a known layout is complete; remove one of the two");
        if (name.Data is not string known)
            return null;
        if (KnownLayouts.Find(known) is { } layout)
            return layout;
        diagnostics.Report(DiagnosticCatalog.UnknownLayout, name.Span, SpecReading.Shorten(known), string.Join(", ", KnownLayouts.Names), NearestName.Suggest(known, KnownLayouts.Names));
        return null;
    }

    /// <summary>A layout. Null after an error.</summary>
    public static WeightLayout? Resolve(SectionValues layout, string name, DiagnosticBag diagnostics)
    {
        if (layout.Find("tensors") is not { } tensors)
        {
            diagnostics.Report(DiagnosticCatalog.MissingKey, layout.Span, SpecPath.Child(layout.Path, "tensors"), LayoutKeys.Layout.Find("tensors")!.Value.Expectation);
            return null;
        }
        var resolver = new LayoutResolver(diagnostics);
        foreach (MapEntry entry in tensors.Data as IEnumerable<MapEntry> ?? [])
            resolver.Add(entry);
        EquatableArray<string> prefixes = layout.List<string>("prefixes").ToEquatableArray();
        return new WeightLayout(
            name,
            prefixes.Count == 0 ? new EquatableArray<string>([""]) : prefixes,
            resolver._entries.Values.OrderBy(entry => entry.Parameter, StringComparer.Ordinal).ToEquatableArray(),
            layout.List<string>("ignored").ToEquatableArray());
    }

    private void Add(MapEntry entry)
    {
        string[] parameters = Parameters(entry);
        var details = entry.Value.Data as SectionValues;
        string? tensor = entry.Value.Data as string ?? Tensor(details);
        if (parameters.Length == 0 || tensor is null)
            return;
        CheckLayerHole(entry, parameters[0], tensor);
        RotaryPairing? pairing = details?.Find("pairing")?.Data as RotaryPairing?;
        bool transposed = details?.Find("transposed")?.Data is true;
        if (pairing is not null && !parameters.Any(ParameterKinds.IsPaired))
            WithoutMeaning(details!.Find("pairing")!, "only queries and keys are rotated; remove it");
        if (transposed && !ParameterKinds.IsMatrix(parameters[0]))
            WithoutMeaning(details!.Find("transposed")!, "a vector has no transpose; remove it");
        bool fused = parameters.Length > 1;
        for (int part = 0; part < parameters.Length; part++)
        {
            string parameter = parameters[part];
            if (_entries.ContainsKey(parameter))
                _diagnostics.Report(DiagnosticCatalog.ParameterTwice, entry.KeySpan, parameter, _entries[parameter].Tensor);
            else
            {
                _entries[parameter] = new LayoutEntry(
                    parameter, tensor, transposed, ParameterKinds.IsPaired(parameter) ? pairing : null,
                    fused ? part : null, fused ? parameters.ToEquatableArray() : default);
            }
        }

        void WithoutMeaning(SpecValue value, string remedy) =>
            _diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, value.Span, value.Path, $"for `{entry.Key}`", remedy);
    }

    private string? Tensor(SectionValues? details) =>
        details is null ? null : new Cascade(LayoutKeys.Tensor, [details], _diagnostics).Text("tensor");

    /// <summary>The parameters that an entry's key names: <c>layers.attention.query+key+value.weight</c> names three.</summary>
    private string[] Parameters(MapEntry entry)
    {
        string[] sections = entry.Key.Split('.');
        int fusedAt = Array.FindIndex(sections, section => section.Contains("+"));
        string[] parts = fusedAt < 0 ? [""] : sections[fusedAt].Split('+');
        string[] parameters = parts.Select(part => string.Join(".", sections.Select((section, at) => at == fusedAt ? part : section))).ToArray();
        foreach (string unknown in parameters.Where(parameter => !ParameterKinds.All.Contains(parameter)))
        {
            _diagnostics.Report(DiagnosticCatalog.UnknownParameter, entry.KeySpan, SpecReading.Shorten(unknown), NearestName.Suggest(unknown, ParameterKinds.All));
            return [];
        }
        if (fusedAt < 0 || (parts.Distinct().Count() == parts.Length && Fusable.Any(set => parts.All(set.Contains))))
            return parameters;
        _diagnostics.Report(DiagnosticCatalog.NotFusable, entry.KeySpan, SpecReading.Shorten(entry.Key));
        return [];
    }

    private void CheckLayerHole(MapEntry entry, string parameter, string tensor)
    {
        bool layered = ParameterKinds.IsLayered(parameter);
        string rest = tensor.Replace(LayerHole, "");
        if (layered == (rest.Length < tensor.Length) && rest.IndexOfAny(['{', '}']) < 0)
            return;
        string expected = layered ? $"its tensor's name needs `{LayerHole}` where the layer's number stands" : "there is one in the model, so its tensor's name has no `{` and `}`";
        _diagnostics.Report(DiagnosticCatalog.LayerHole, entry.Value.Span, SpecReading.Shorten(entry.Key), SpecReading.Shorten(tensor), expected);
    }
}
