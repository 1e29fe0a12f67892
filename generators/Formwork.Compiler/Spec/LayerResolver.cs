using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>Makes a <see cref="LayerSpec"/> of the keys that hold for a group of layers.</summary>
internal sealed class LayerResolver(Cascade layer, int? width, DiagnosticBag diagnostics)
{
    /// <summary>The base of sinusoids and rotations in their papers.</summary>
    public const double DefaultBase = 10000;

    private const double DefaultEpsilon = 1e-5;
    private static readonly string[] Parts = ["attention", "feed_forward", "norm", "positions"];

    private readonly Cascade _attention = layer.Section("attention");

    /// <summary>The places of the values that this layer got, by path within the layer.</summary>
    public IReadOnlyList<(string Path, SourceSpan Span)> Places { get; } = Parts
        .Select(part => (Name: part, Values: layer.Section(part)))
        .Where(part => part.Values.Span is not null)
        .SelectMany(part => part.Values.Places
            .Select(place => (SpecPath.Child(part.Name, place.Key), place.Span))
            .Prepend((part.Name, part.Values.Span!)))
        .ToArray();

    public LayerSpec Resolve()
    {
        Cascade norm = layer.Section("norm");
        return new LayerSpec(Attention(), FeedForward(layer.Section("feed_forward")), Norm(norm), norm.Choice<NormPlacement>("placement") ?? NormPlacement.Pre);
    }

    /// <summary>A norm.</summary>
    public static NormSpec Norm(Cascade norm)
    {
        norm.CheckConditions();
        NormKind kind = norm.Choice<NormKind>("kind") ?? NormKind.Layer;
        return new NormSpec(
            kind,
            norm.Number("epsilon") ?? DefaultEpsilon,
            kind == NormKind.Layer && (norm.Flag("bias") ?? true),
            norm.Flag("unit_offset") ?? false);
    }

    private AttentionSpec Attention()
    {
        int? heads = _attention.Integer("heads");
        int? keyValueHeads = _attention.Find("key_value_heads") is { } written ? written.Data as int? : heads;
        int? headWidth = HeadWidth(heads);
        CheckHeads(heads, keyValueHeads, headWidth);
        return new AttentionSpec(
            heads ?? 1,
            keyValueHeads ?? 1,
            headWidth ?? 1,
            _attention.FlagOf("bias", "query"),
            _attention.FlagOf("bias", "key"),
            _attention.FlagOf("bias", "value"),
            _attention.FlagOf("bias", "output"),
            _attention.Number("scale") ?? 1 / Math.Sqrt(headWidth ?? 1),
            Rotary(headWidth));
    }

    private int? HeadWidth(int? heads)
    {
        if (_attention.Find("head_width") is { } written)
            return written.Data as int?;
        if (width is not { } whole || heads is not { } count)
            return null;
        if (whole % count == 0)
            return whole / count;
        SpecValue found = _attention.Find("heads")!;
        diagnostics.Report(DiagnosticCatalog.WidthNotDivisible, found.Span, found.Path, count, whole, NearestMultiples(whole, count));
        return null;
    }

    private void CheckHeads(int? heads, int? keyValueHeads, int? headWidth)
    {
        if (heads is { } count && keyValueHeads is { } shared && count % shared != 0)
        {
            SpecValue found = _attention.Find("key_value_heads")!;
            diagnostics.Report(DiagnosticCatalog.HeadsNotDivisible, found.Span, found.Path, shared, count, NearestDivisors(count, shared));
        }
        if ((long?)heads * headWidth is { } rows and > SpecLimits.ProjectionWidth)
        {
            SpecValue found = _attention.Find("head_width") ?? _attention.Find("heads")!;
            string what = FormattableString.Invariant($"{heads:N0} heads of width {headWidth:N0} make a projection of {rows:N0} rows");
            diagnostics.Report(DiagnosticCatalog.TooLarge, found.Span, what, SpecLimits.ProjectionWidth, "use fewer or narrower heads");
        }
    }

    private RotarySpec? Rotary(int? headWidth)
    {
        Cascade positions = layer.Section("positions");
        positions.CheckConditions();
        if (positions.Choice<PositionsChoice>("kind") != PositionsChoice.Rotary)
            return null;
        double fraction = positions.Number("fraction") ?? 1;
        double exact = (headWidth ?? 2) * fraction;
        int rotated = (int)Math.Round(exact);
        // A fraction such as 0.4 has no exact double; 0.4 · 80 is 32 all the same.
        if (rotated % 2 == 1 || rotated == 0 || Math.Abs(exact - rotated) > 1e-6)
        {
            SpecValue found = positions.Find("fraction") ?? _attention.Find("head_width") ?? _attention.Find("heads") ?? positions.Find("kind")!;
            diagnostics.Report(DiagnosticCatalog.RotaryWidthNotEven, found.Span, found.Path, fraction, headWidth, exact);
        }
        return new RotarySpec(positions.Number("base") ?? DefaultBase, positions.Choice<RotaryPairing>("pairing") ?? RotaryPairing.Half, rotated);
    }

    private FeedForwardSpec FeedForward(Cascade feedForward)
    {
        bool gated = feedForward.Flag("gated") ?? false;
        if (!gated && (feedForward.Find("bias")?.Data as SectionValues)?.Find("gate") is { Data: true } gate)
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, gate.Span, gate.Path, "with `gated` false", "there is no gate; remove it, or write `gated: true`");
        return new FeedForwardSpec(
            feedForward.Integer("width") ?? 1,
            feedForward.Choice<Activation>("activation") ?? Activation.Relu,
            gated,
            gated && feedForward.FlagOf("bias", "gate"),
            feedForward.FlagOf("bias", "up"),
            feedForward.FlagOf("bias", "down"));
    }

    private static string NearestMultiples(int value, int factor)
    {
        long below = value / factor * (long)factor;
        return below == 0 ? $"{factor}" : $"{below}, {below + factor}";
    }

    private static string NearestDivisors(int value, int wanted)
    {
        int below = Enumerable.Range(1, Math.Min(wanted, value)).Last(candidate => value % candidate == 0);
        int above = wanted >= value ? value : Enumerable.Range(wanted, value - wanted + 1).First(candidate => value % candidate == 0);
        return below == above ? $"{below}" : $"{below}, {above}";
    }
}
