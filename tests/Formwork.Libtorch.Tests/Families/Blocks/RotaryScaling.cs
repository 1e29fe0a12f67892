using System.Text.Json.Nodes;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>The frequencies of rotary positions, plain and with each scaling that config.json's <c>rope_scaling</c> names.</summary>
public static class RotaryScaling
{
    /// <summary>base^(−2i/width). Source: RoFormer, section 3.2.2.</summary>
    public static Rotary Plain(double @base, int width) => new(Enumerable.Range(0, width / 2).Select(i => Math.Pow(@base, -2.0 * i / width)).ToArray());

    /// <summary>What a config.json says.</summary>
    /// <param name="config">The config: <c>rope_theta</c>, <c>rope_scaling</c>, for LongRoPE the two contexts.</param>
    /// <param name="width">Numbers of a head that are turned.</param>
    /// <param name="length">The longest sequence at hand, which LongRoPE looks at.</param>
    public static Rotary Of(JsonObject config, int width, int length)
    {
        double @base = config.Number("rope_theta", 10000);
        Rotary plain = Plain(@base, width);
        if (config["rope_scaling"] is not JsonObject scaling)
            return plain;
        return scaling.Text("rope_type", scaling.Text("type", "default")) switch
        {
            "default" => plain,
            "linear" => Linear(plain, scaling.Number("factor")),
            "llama3" => Llama3(plain, scaling),
            "yarn" => Yarn(@base, width, scaling, config.Integer("max_position_embeddings")),
            "longrope" or "su" => LongRope(@base, width, scaling, config, length),
            var other => throw new ArgumentOutOfRangeException(nameof(config), other, "a scaling of no family here"),
        };
    }

    /// <summary>Positions divided by a factor. Source: Chen et al., "Extending context window … via positional interpolation" (2023).</summary>
    public static Rotary Linear(Rotary plain, double factor) => plain with { Frequencies = plain.Frequencies.Select(f => f / factor).ToArray() };

    /// <summary>
    /// Waves longer than the original context / low factor are slowed down by the factor, those shorter than context / high factor stay, those
    /// between are mixed. Source: meta-llama/llama-models, <c>apply_scaling</c> in model.py of Llama 3.1.
    /// </summary>
    public static Rotary Llama3(Rotary plain, JsonObject scaling)
    {
        double factor = scaling.Number("factor"), low = scaling.Number("low_freq_factor"), high = scaling.Number("high_freq_factor");
        double context = scaling.Number("original_max_position_embeddings");
        return plain with { Frequencies = plain.Frequencies.Select(Scaled).ToArray() };

        double Scaled(double frequency)
        {
            double wave = 2 * Math.PI / frequency;
            if (wave < context / high)
                return frequency;
            if (wave > context / low)
                return frequency / factor;
            double smooth = (context / wave - low) / (high - low);
            return (1 - smooth) * frequency / factor + smooth * frequency;
        }
    }

    /// <summary>
    /// "NTK by parts": pairs that turn more than β_fast times in the original context stay, those that turn less than β_slow times are slowed
    /// down by the factor, with a ramp between; and the attention factor 0.1·ln(factor) + 1, or DeepSeek's quotient of two such.
    /// Source: Peng et al., "YaRN" (2023), sections 3.2 and 3.4; its bounds as in jquesnelle/yarn, rounded outwards unless <c>truncate</c> is false.
    /// </summary>
    public static Rotary Yarn(double @base, int width, JsonObject scaling, int context)
    {
        double factor = scaling.Number("factor");
        double original = scaling.Number("original_max_position_embeddings", context);
        double low = PairTurning(scaling.Number("beta_fast", 32)), high = PairTurning(scaling.Number("beta_slow", 1));
        if (scaling.Flag("truncate", true))
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, width - 1));
        if (low == high)
            high += 0.001;
        double[] frequencies = Plain(@base, width).Frequencies.Select((frequency, i) =>
        {
            double ramp = Math.Clamp((i - low) / (high - low), 0, 1);
            return frequency / factor * ramp + frequency * (1 - ramp);
        }).ToArray();
        return new Rotary(frequencies, AttentionFactor(scaling, factor));

        // The pair, as a real number, that makes so many turns in the original context.
        double PairTurning(double turns) => width * Math.Log(original / (turns * 2 * Math.PI)) / (2 * Math.Log(@base));
    }

    /// <summary>0.1·m·ln(factor) + 1. Source: YaRN, equation 22, with DeepSeek's <c>mscale</c> m.</summary>
    public static double YarnFactor(double factor, double mscale = 1) => factor <= 1 ? 1 : 0.1 * mscale * Math.Log(factor) + 1;

    /// <summary>
    /// A divisor for each pair, one list for sequences within the original context and one for longer ones, and the attention factor
    /// √(1 + ln(s)/ln(original)), s the quotient of the contexts. Source: Ding et al., "LongRoPE" (2024); modeling_phi3.py of Phi-3-mini-128k.
    /// </summary>
    public static Rotary LongRope(double @base, int width, JsonObject scaling, JsonObject config, int length)
    {
        double context = config.Number("max_position_embeddings"), original = config.Number("original_max_position_embeddings");
        double[] divisors = scaling.Numbers(length > original ? "long_factor" : "short_factor")!;
        double s = context / original;
        double attentionFactor = scaling.Number("attention_factor", s <= 1 ? 1 : Math.Sqrt(1 + Math.Log(s) / Math.Log(original)));
        return new Rotary(Plain(@base, width).Frequencies.Zip(divisors, (frequency, divisor) => frequency / divisor).ToArray(), attentionFactor);
    }

    private static double AttentionFactor(JsonObject scaling, double factor)
    {
        if (scaling["attention_factor"] is not null)
            return scaling.Number("attention_factor");
        double mscale = scaling.Number("mscale", 0), allDimensions = scaling.Number("mscale_all_dim", 0);
        return mscale != 0 && allDimensions != 0 ? YarnFactor(factor, mscale) / YarnFactor(factor, allDimensions) : YarnFactor(factor);
    }
}
