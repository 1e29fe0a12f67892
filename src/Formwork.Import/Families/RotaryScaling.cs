using Formwork.Import.Configuration;
using Formwork.Import.Drafts;

namespace Formwork.Import.Families;

/// <summary>What stretches rotary positions over more tokens than a model was pretrained with.</summary>
internal static class RotaryScaling
{
    private const string Original = "original_max_position_embeddings";

    /// <summary>Hugging Face's name of the kind; older files call the key <c>type</c>.</summary>
    public static string KindOf(ConfigSection rope) => rope.FindText("rope_type") ?? rope.FindText("type") ?? "default";

    /// <summary>The spec's <c>positions.scaling</c>; null for none.</summary>
    /// <exception cref="Runtime.InvalidInputException">The kind is not known, or its numbers are not there.</exception>
    public static Section? Read(ConfigSection config, ConfigSection? rope, int context) => rope is null ? null : KindOf(rope) switch
    {
        // What "dynamic" changes begins beyond the context, where Formwork does not go.
        "default" or "dynamic" => null,
        "linear" => new Section { { "kind", "linear" }, { "factor", rope.Number("factor") } },
        "yarn" => Yarn(rope, context),
        "llama3" => new Section
        {
            { "kind", "llama3" },
            { "factor", rope.Number("factor") },
            { "original_context", rope.Count(Original) },
            { "low_frequency_factor", rope.Number("low_freq_factor") },
            { "high_frequency_factor", rope.Number("high_freq_factor") },
        },
        "longrope" or "su" => LongRope(config, rope, context),
        var other => throw rope.Wrong(rope.First("rope_type", "type"), $"\"{other}\"", "default, linear, dynamic, yarn, llama3 or longrope",
            "Formwork has no other scaling of rotary positions."),
    };

    /// <summary>What YaRN multiplies attention by (Peng et al. 2023, section 3.4): 0.1·m·ln(factor) + 1.</summary>
    public static double YarnAttention(double factor, double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;

    private static Section Yarn(ConfigSection rope, int context)
    {
        double factor = rope.Number("factor");
        double? given = rope.FindNumber("attention_factor");
        // DeepSeek has two of them, one of which goes into the scale of the scores.
        if (given is null && rope.FindNumber("mscale") is { } scale && rope.FindNumber("mscale_all_dim") is { } scaleOfAll and not 0)
            given = YarnAttention(factor, scale) / YarnAttention(factor, scaleOfAll);
        var scaling = new Section { { "kind", "yarn" }, { "factor", factor }, { "original_context", rope.Count(Original, context) } };
        scaling.Add("beta_fast", rope.Number("beta_fast", 32), usual: 32);
        scaling.Add("beta_slow", rope.Number("beta_slow", 1), usual: 1);
        scaling.Add("truncate", rope.Flag("truncate", true), usual: true);
        scaling.Add("attention_factor", given);
        return scaling;
    }

    private static Section LongRope(ConfigSection config, ConfigSection rope, int context)
    {
        int original = rope.FindCount(Original) ?? config.FindCount(Original) ?? context;
        double factor = Math.Max(1, rope.FindNumber("factor") ?? (double)context / original);
        // Written out, since it stays when a shorter context turns to the short factors.
        double attention = rope.FindNumber("attention_factor") ?? (factor <= 1 ? 1 : Math.Sqrt(1 + Math.Log(factor) / Math.Log(original)));
        return new Section
        {
            { "kind", "longrope" },
            { "original_context", original },
            { "attention_factor", attention },
            { "short_factors", Factors(rope, "short_factor") },
            { "long_factors", Factors(rope, "long_factor") },
        };
    }

    private static IEnumerable<double> Factors(ConfigSection rope, string key) => rope.FindNumbers(key) ?? throw rope.Missing(key, "a list of numbers");
}
