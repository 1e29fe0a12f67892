using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Spec;

/// <summary>Makes a <see cref="RotaryScalingSpec"/> of the keys that hold for it.</summary>
internal sealed class ScalingResolver(Cascade scaling, DiagnosticBag diagnostics)
{
    /// <summary>The scaling of this many rotated numbers in a context.</summary>
    public RotaryScalingSpec? Resolve(int rotated, int? context)
    {
        scaling.CheckConditions();
        if (scaling.Choice<RotaryScalingKind>("kind") is not { } kind)
            return null;
        double factor = kind == RotaryScalingKind.LongRope ? 1 : scaling.Number("factor") ?? 1;
        int original = scaling.Integer("original_context") ?? context ?? 1;
        var spec = new RotaryScalingSpec(kind, factor);
        return kind switch
        {
            RotaryScalingKind.Yarn => spec with
            {
                OriginalContext = original,
                BetaFast = scaling.Number("beta_fast") ?? 32,
                BetaSlow = scaling.Number("beta_slow") ?? 1,
                Truncate = scaling.Flag("truncate") ?? true,
                AttentionFactor = scaling.Number("attention_factor") ?? 0.1 * Math.Log(factor) + 1,
            },
            RotaryScalingKind.Llama3 => spec with
            {
                OriginalContext = original,
                LowFrequencyFactor = scaling.Number("low_frequency_factor") ?? 1,
                HighFrequencyFactor = scaling.Number("high_frequency_factor") ?? 4,
            },
            RotaryScalingKind.LongRope => spec with
            {
                OriginalContext = original,
                ShortFactors = Factors("short_factors", rotated / 2),
                LongFactors = Factors("long_factors", rotated / 2),
                AttentionFactor = scaling.Number("attention_factor") ?? LongRopeAttentionFactor(context ?? original, original),
            },
            _ => spec,
        };
    }

    // Ding et al. 2024, as Phi-3 uses it.
    private static double LongRopeAttentionFactor(int context, int original) =>
        context <= original ? 1 : Math.Sqrt(1 + Math.Log((double)context / original) / Math.Log(original));

    private EquatableArray<double> Factors(string key, int count)
    {
        if (scaling.Find(key) is not { Data: IReadOnlyList<SpecValue> items } found)
            return Enumerable.Repeat(1d, count).ToEquatableArray();
        if (items.Count != count)
            diagnostics.Report(DiagnosticCatalog.FactorsPerFrequency, found.Span, found.Path, items.Count, count);
        return items.Select(item => item.Data).OfType<double>().ToEquatableArray();
    }
}
