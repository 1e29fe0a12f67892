using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>The frequencies of rotary positions, a scaling applied, and what their cosines and sines are multiplied by.</summary>
/// <param name="Values">One frequency a pair of numbers: the angle at position p is p times it.</param>
/// <param name="Magnitude">The factor of cosines and sines; 1 without a scaling that has one.</param>
public sealed record RotaryFrequencies(IReadOnlyList<double> Values, double Magnitude)
{
    /// <summary>The frequencies for a context.</summary>
    public static RotaryFrequencies Of(RotarySpec rotary, int context)
    {
        double[] plain = Plain(rotary.Base, rotary.Width);
        if (rotary.Scaling is not { } scaling)
            return new(plain, 1);
        return scaling.Kind switch
        {
            RotaryScalingKind.Linear => new(plain.Select(frequency => frequency / scaling.Factor).ToArray(), 1),
            RotaryScalingKind.Ntk => new(Plain(rotary.Base * Math.Pow(scaling.Factor, rotary.Width / Math.Max(rotary.Width - 2.0, 1)), rotary.Width), 1),
            RotaryScalingKind.Yarn => new(Yarn(plain, rotary, scaling), scaling.AttentionFactor),
            RotaryScalingKind.Llama3 => new(plain.Select(frequency => Llama3(frequency, scaling)).ToArray(), 1),
            RotaryScalingKind.LongRope => new(Divided(plain, context > scaling.OriginalContext ? scaling.LongFactors : scaling.ShortFactors), scaling.AttentionFactor),
            _ => throw new InvalidOperationException($"scaling {scaling.Kind}"),
        };
    }

    private static double[] Plain(double frequencyBase, int width) =>
        Enumerable.Range(0, width / 2).Select(i => Math.Pow(frequencyBase, -2.0 * i / width)).ToArray();

    private static double[] Divided(double[] frequencies, IReadOnlyList<double> factors) =>
        frequencies.Select((frequency, i) => frequency / factors[i]).ToArray();

    /// <summary>Peng et al. 2023, section 3.2: a ramp over the index of the frequency, between those that turn β times in the original context.</summary>
    private static double[] Yarn(double[] plain, RotarySpec rotary, RotaryScalingSpec scaling)
    {
        double Index(double turns) =>
            rotary.Width * Math.Log(scaling.OriginalContext / (turns * 2 * Math.PI)) / (2 * Math.Log(rotary.Base));

        double low = Index(scaling.BetaFast), high = Index(scaling.BetaSlow);
        if (scaling.Truncate)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, rotary.Width - 1));
        // A ramp of no length is a step.
        if (low == high)
            high += 0.001;
        return plain.Select((frequency, i) =>
        {
            double divided = Math.Min(Math.Max((i - low) / (high - low), 0), 1);
            return frequency / scaling.Factor * divided + frequency * (1 - divided);
        }).ToArray();
    }

    /// <summary>Llama 3.1's rule: long wavelengths are stretched, short ones kept, and between the two it goes over smoothly.</summary>
    private static double Llama3(double frequency, RotaryScalingSpec scaling)
    {
        double turns = scaling.OriginalContext * frequency / (2 * Math.PI);
        if (turns < scaling.LowFrequencyFactor)
            return frequency / scaling.Factor;
        if (turns > scaling.HighFrequencyFactor)
            return frequency;
        double kept = (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (1 - kept) * frequency / scaling.Factor + kept * frequency;
    }
}
