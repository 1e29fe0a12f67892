using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Layouts;

/// <summary>Makes a <see cref="WeightLayout"/> of a layout's values, and checks them.</summary>
internal sealed class LayoutResolver
{
    private const string LayerHole = "{layer}";
    private const string ExpertHole = "{expert}";
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
        diagnostics.Report(DiagnosticCatalog.UnknownLayout, name.Span, name.Path, SpecReading.Shorten(known), string.Join(", ", KnownLayouts.Names), NearestName.Suggest(known, KnownLayouts.Names));
        return null;
    }

    /// <summary>A layout. Null after an error.</summary>
    public static WeightLayout? Resolve(SectionValues layout, string name, DiagnosticBag diagnostics)
    {
        WeightLayout? extended = Extended(layout, name, diagnostics);
        if (layout.Find("tensors") is not { } tensors)
        {
            diagnostics.Report(DiagnosticCatalog.MissingKey, layout.Span, SpecPath.Child(layout.Path, "tensors"), LayoutKeys.Layout.Find("tensors")!.Value.Expectation);
            return null;
        }
        var resolver = new LayoutResolver(diagnostics);
        foreach (MapEntry entry in tensors.Data as IEnumerable<MapEntry> ?? [])
            resolver.Add(entry);
        EquatableArray<string> prefixes = layout.List<string>("prefixes").ToEquatableArray();
        IEnumerable<LayoutEntry> inherited = (extended?.Entries ?? default).Where(entry => !resolver._entries.ContainsKey(entry.Parameter));
        return new WeightLayout(
            name,
            prefixes.Count > 0 ? prefixes : extended?.Prefixes ?? new EquatableArray<string>([""]),
            resolver._entries.Values.Concat(inherited).OrderBy(entry => entry.Parameter, StringComparer.Ordinal).ToEquatableArray(),
            (extended?.Ignored ?? default).Concat(layout.List<string>("ignored")).Distinct().ToEquatableArray());
    }

    private static WeightLayout? Extended(SectionValues layout, string name, DiagnosticBag diagnostics)
    {
        if (layout.Find("extends") is not { Data: string extended } found)
            return null;
        if (extended != name && KnownLayouts.Find(extended) is { } known)
            return known;
        IEnumerable<string> others = KnownLayouts.Names.Where(other => other != name);
        diagnostics.Report(DiagnosticCatalog.UnknownLayout, found.Span, found.Path, SpecReading.Shorten(extended), string.Join(", ", others), NearestName.Suggest(extended, others));
        return null;
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
        bool fused = parameters.Length > 1, alternating = details?.Find("alternating")?.Data is true, byHead = details?.Find("by_head")?.Data is true;
        if (alternating && !fused)
            WithoutMeaning(details!.Find("alternating")!, "one parameter's rows cannot take turns; remove it");
        if (byHead && (!fused || !parameters[0].Contains("attention")))
            WithoutMeaning(details!.Find("by_head")!, "only query, key and value have heads; remove it");
        for (int part = 0; part < parameters.Length; part++)
        {
            string parameter = parameters[part];
            if (_entries.ContainsKey(parameter))
                _diagnostics.Report(DiagnosticCatalog.ParameterTwice, entry.KeySpan, parameter, _entries[parameter].Tensor);
            else
            {
                _entries[parameter] = new LayoutEntry(
                    parameter, tensor, transposed, ParameterKinds.IsPaired(parameter) ? pairing : null,
                    fused ? part : null, fused ? parameters.ToEquatableArray() : default)
                {
                    Alternating = alternating && fused,
                    ByHead = byHead && fused,
                };
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
        bool layered = ParameterKinds.IsLayered(parameter), ofExpert = ParameterKinds.IsOfExpert(parameter);
        string withoutExpert = tensor.Replace(ExpertHole, ""), rest = withoutExpert.Replace(LayerHole, "");
        bool fits = layered == (rest.Length < withoutExpert.Length) && rest.IndexOfAny(['{', '}']) < 0;
        if (fits && (ofExpert || withoutExpert == tensor))
            return;
        string expected = !fits && layered ? $"its tensor's name needs `{LayerHole}` where the layer's number stands"
            : fits ? $"it is no expert's, so its tensor's name has no `{ExpertHole}`"
            : "there is one in the model, so its tensor's name has no `{` and `}`";
        _diagnostics.Report(DiagnosticCatalog.LayerHole, entry.Value.Span, SpecReading.Shorten(entry.Key), SpecReading.Shorten(tensor), expected);
    }
}
