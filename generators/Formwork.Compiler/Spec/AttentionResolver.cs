using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>Makes an <see cref="AttentionSpec"/> of the keys that hold for it.</summary>
/// <param name="attention">The keys.</param>
/// <param name="width">The model's width; null when it is not known.</param>
/// <param name="norm">The layer's norm section, which the part's own differs from.</param>
/// <param name="layerNorm">The layer's norm.</param>
/// <param name="diagnostics">Where errors go.</param>
internal sealed class AttentionResolver(Cascade attention, int? width, Cascade norm, NormSpec layerNorm, DiagnosticBag diagnostics)
{
    /// <summary>The attention; <paramref name="positions"/> are null where nothing is rotated.</summary>
    public AttentionSpec Resolve(Cascade? positions, int? context)
    {
        LatentSpec? latent = attention.OptionalSection("latent") is { } section ? Latent(section) : null;
        int? heads = attention.Integer("heads");
        int? keyValueHeads = attention.Find("key_value_heads") is { } written ? written.Data as int? : heads;
        int? headWidth = HeadWidth(heads);
        CheckHeads(heads, keyValueHeads, headWidth);
        CheckLatent(latent, heads, keyValueHeads, headWidth);
        return new AttentionSpec(
            heads ?? 1,
            keyValueHeads ?? 1,
            headWidth ?? 1,
            attention.FlagOf("bias", "query"),
            attention.FlagOf("bias", "key"),
            attention.FlagOf("bias", "value"),
            attention.FlagOf("bias", "output"),
            attention.Number("scale") ?? 1 / Math.Sqrt(headWidth ?? 1),
            positions is null ? null : Rotary(positions, latent, headWidth, context))
        {
            Window = attention.Integer("window"),
            ScoreCap = attention.Number("score_cap"),
            Sinks = attention.Flag("sinks") ?? false,
            QueryKeyNorm = attention.Choice<QueryKeyNorm>("query_key_norm") ?? QueryKeyNorm.None,
            Latent = latent,
            Norm = LayerResolver.PartNorm(attention, norm, layerNorm),
        };
    }

    private static LatentSpec Latent(Cascade latent) => new(
        latent.Integer("query_rank"), latent.Integer("key_value_rank") ?? 1, latent.Integer("rotary_width") ?? 2, latent.Integer("value_width") ?? 1);

    private int? HeadWidth(int? heads)
    {
        if (attention.Find("head_width") is { } written)
            return written.Data as int?;
        if (width is not { } whole || heads is not { } count)
            return null;
        if (whole % count == 0)
            return whole / count;
        SpecValue found = attention.Find("heads")!;
        diagnostics.Report(DiagnosticCatalog.WidthNotDivisible, found.Span, found.Path, count, whole, NearestMultiples(whole, count));
        return null;
    }

    private void CheckHeads(int? heads, int? keyValueHeads, int? headWidth)
    {
        if (heads is { } count && keyValueHeads is { } shared && count % shared != 0)
        {
            SpecValue found = attention.Find("key_value_heads")!;
            diagnostics.Report(DiagnosticCatalog.HeadsNotDivisible, found.Span, found.Path, shared, count, NearestDivisors(count, shared));
        }
        if ((long?)heads * headWidth is { } rows and > SpecLimits.ProjectionWidth)
        {
            SpecValue found = attention.Find("head_width") ?? attention.Find("heads")!;
            string what = FormattableString.Invariant($"{heads:N0} heads of width {headWidth:N0} make a projection of {rows:N0} rows");
            diagnostics.Report(DiagnosticCatalog.TooLarge, found.Span, what, SpecLimits.ProjectionWidth, "use fewer or narrower heads");
        }
    }

    private void CheckLatent(LatentSpec? latent, int? heads, int? keyValueHeads, int? headWidth)
    {
        if (latent is null)
            return;
        Cascade section = attention.Section("latent");
        if (section.Find("rotary_width") is { Data: int } rotary && (latent.RotaryWidth % 2 != 0 || latent.RotaryWidth >= headWidth))
            diagnostics.Report(DiagnosticCatalog.LatentRotaryWidth, rotary.Span, rotary.Path, latent.RotaryWidth, headWidth);
        if (keyValueHeads != heads && attention.Find("key_value_heads") is { } grouped)
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, grouped.Span, grouped.Path, "beside `latent`", "every head has its own key there; remove it");
        if (attention.Find("query_key_norm") is { Data: QueryKeyNorm.Head or QueryKeyNorm.Whole } norms)
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, norms.Span, norms.Path, "beside `latent`", "the narrow vectors have norms of their own; remove it");
        if ((attention.Find("bias")?.Data ?? false) is not false && attention.Find("bias") is { } bias
            && (attention.FlagOf("bias", "query") || attention.FlagOf("bias", "key") || attention.FlagOf("bias", "value")))
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, bias.Span, bias.Path, "beside `latent`", "only the output projection can have one; write `bias: {output: true}` or remove it");
    }

    private RotarySpec? Rotary(Cascade positions, LatentSpec? latent, int? headWidth, int? context)
    {
        positions.CheckConditions();
        if (positions.Choice<PositionsChoice>("kind") != PositionsChoice.Rotary)
            return null;
        int rotated = latent?.RotaryWidth ?? RotatedWidth(positions, headWidth);
        return new RotarySpec(positions.Number("base") ?? PositionsResolver.DefaultBase, positions.Choice<RotaryPairing>("pairing") ?? RotaryPairing.Half, rotated)
        {
            Scaling = positions.OptionalSection("scaling") is { } scaling ? new ScalingResolver(scaling, diagnostics).Resolve(rotated, context) : null,
        };
    }

    private int RotatedWidth(Cascade positions, int? headWidth)
    {
        double fraction = positions.Number("fraction") ?? 1;
        double exact = (headWidth ?? 2) * fraction;
        int rotated = (int)Math.Round(exact);
        // A fraction such as 0.4 has no exact double; 0.4 · 80 is 32 all the same.
        if (rotated % 2 == 1 || rotated == 0 || Math.Abs(exact - rotated) > 1e-6)
        {
            SpecValue found = positions.Find("fraction") ?? attention.Find("head_width") ?? attention.Find("heads") ?? positions.Find("kind")!;
            diagnostics.Report(DiagnosticCatalog.RotaryWidthNotEven, found.Span, found.Path, fraction, headWidth, exact);
        }
        return rotated;
    }

    private static string NearestMultiples(int value, int factor)
    {
        long below = value / factor * (long)factor;
        return below == 0 ? $"{factor}" : $"{below}, {below + factor}";
    }

    /// <summary>The divisors of a number next to one that is none.</summary>
    public static string NearestDivisors(int value, int wanted)
    {
        int below = Enumerable.Range(1, Math.Min(wanted, value)).Last(candidate => value % candidate == 0);
        int above = wanted >= value ? value : Enumerable.Range(wanted, value - wanted + 1).First(candidate => value % candidate == 0);
        return below == above ? $"{below}" : $"{below}, {above}";
    }
}
