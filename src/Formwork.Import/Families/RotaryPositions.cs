using Formwork.Import.Configuration;
using Formwork.Import.Drafts;

namespace Formwork.Import.Families;

/// <summary>
/// Rotary positions as configurations have them: <c>rope_theta</c> and <c>rope_scaling</c>, or, in newer files, both in <c>rope_parameters</c>.
/// </summary>
internal static class RotaryPositions
{
    private const string Parameters = "rope_parameters", Scaling = "rope_scaling";

    /// <summary>The spec's <c>positions</c>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="context">The most positions.</param>
    /// <param name="layerType">Whose parameters, in files that have them by the type of layer.</param>
    public static Section Read(ConfigSection config, int context, string? layerType = null)
    {
        ConfigSection? parameters = config.FindSection(Parameters);
        ConfigSection? rope = layerType is null ? parameters : parameters?.FindSection(layerType) ?? parameters;
        var positions = new Section { { "kind", "rotary" } };
        positions.Add("base", rope?.FindNumber("rope_theta") ?? config.FindNumber("rope_theta") ?? config.FindNumber("rotary_emb_base") ?? 10000, usual: 10000);
        double fraction = rope?.FindNumber("partial_rotary_factor") ?? config.FindNumber("partial_rotary_factor") ?? config.FindNumber("rotary_pct") ?? 1;
        positions.Add("fraction", fraction, usual: 1);
        positions.Add("scaling", RotaryScaling.Read(config, rope ?? config.FindSection(Scaling), context));
        return positions;
    }

    /// <summary>How many positions the model can have: more than it was pretrained with, where YaRN stretches them.</summary>
    public static int Context(ConfigSection config, int usual)
    {
        ConfigSection? rope = config.FindSection(Parameters) ?? config.FindSection(Scaling);
        if (rope is null || RotaryScaling.KindOf(rope) != "yarn" || rope.FindCount("original_max_position_embeddings") is not { } original)
            return usual;
        return Math.Max(usual, (int)Math.Min(1 << 24, original * rope.Number("factor", 1)));
    }
}
