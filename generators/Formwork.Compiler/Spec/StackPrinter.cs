using System.Text;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec;

/// <summary>Prints the keys of a stack of layers.</summary>
internal static class StackPrinter
{
    /// <summary>The stack's keys, each line after <paramref name="indent"/>.</summary>
    public static string Print(StackSpec stack, string indent)
    {
        (LayerSpec Layer, int Count)[] groups = Groups(stack);
        LayerSpec first = groups[0].Layer;
        bool asOne = groups.Length == 1 && IsOwnNorm(stack, first) && !(stack.Positions.Kind != PositionKind.None && first.Attention.Rotary is not null);

        var text = new StringBuilder();
        text.Append($"{indent}context: {stack.Context}\n");
        if (asOne)
        {
            text.Append($"{indent}layers: {stack.Layers.Count}\n");
            AppendParts(text, first, indent);
            text.Append($"{indent}positions: {(first.Attention.Rotary is null ? Added(stack.Positions) : Rotary(first.Attention))}\n");
            return text.ToString();
        }
        text.Append($"{indent}layers:\n");
        foreach ((LayerSpec layer, int count) in groups)
        {
            text.Append($"{indent}  - repeat: {count}\n");
            AppendParts(text, layer, indent + "    ");
            text.Append($"{indent}    positions: {Rotary(layer.Attention)}\n");
        }
        // What every group overrides still has to be said: the file's own parts are those of the first group.
        text.Append($"{indent}attention: {Attention(first.Attention)}\n{indent}feed_forward: {FeedForward(first.FeedForward)}\n");
        text.Append($"{indent}norm: {Norm(stack.FinalNorm ?? first.Norm, stack.FinalNorm is null ? NormPlacement.Post : NormPlacement.Pre)}\n");
        text.Append($"{indent}positions: {Added(stack.Positions)}\n");
        return text.ToString();
    }

    /// <summary>Neighbours that are alike, counted.</summary>
    private static (LayerSpec Layer, int Count)[] Groups(StackSpec stack)
    {
        var groups = new List<(LayerSpec Layer, int Count)>();
        foreach (LayerSpec layer in stack.Layers)
        {
            int last = groups.Count - 1;
            if (last >= 0 && groups[last].Layer == layer)
                groups[last] = (layer, groups[last].Count + 1);
            else
                groups.Add((layer, 1));
        }
        return groups.ToArray();
    }

    // Whether the layers' norm, said for the whole stack, also gives the stack's final norm.
    private static bool IsOwnNorm(StackSpec stack, LayerSpec layer) =>
        stack.FinalNorm == (layer.Placement == NormPlacement.Post ? null : layer.Norm);

    private static void AppendParts(StringBuilder text, LayerSpec layer, string indent) => text
        .Append($"{indent}attention: {Attention(layer.Attention)}\n")
        .Append($"{indent}feed_forward: {FeedForward(layer.FeedForward)}\n")
        .Append($"{indent}norm: {Norm(layer.Norm, layer.Placement)}\n");

    private static YamlFlow Attention(AttentionSpec attention) => new()
    {
        { "heads", attention.Heads },
        { "key_value_heads", attention.KeyValueHeads },
        { "head_width", attention.HeadWidth },
        { "bias", Biases(("query", attention.QueryBias), ("key", attention.KeyBias), ("value", attention.ValueBias), ("output", attention.OutputBias)) },
        { "scale", attention.Scale },
    };

    private static YamlFlow FeedForward(FeedForwardSpec feedForward) => new()
    {
        { "width", feedForward.Width },
        { "activation", SpecNames.Activations.Name(feedForward.Activation) },
        { "gated", feedForward.Gated },
        {
            "bias",
            feedForward.Gated
                ? Biases(("gate", feedForward.GateBias), ("up", feedForward.UpBias), ("down", feedForward.DownBias))
                : Biases(("up", feedForward.UpBias), ("down", feedForward.DownBias))
        },
    };

    private static YamlFlow Norm(NormSpec norm, NormPlacement placement)
    {
        var flow = new YamlFlow
        {
            { "kind", SpecNames.Norms.Name(norm.Kind) },
            { "epsilon", norm.Epsilon },
            { "placement", SpecNames.Placements.Name(placement) },
        };
        if (norm.Kind == NormKind.Layer)
            flow.Add("bias", norm.Bias);
        flow.Add("unit_offset", norm.UnitOffset);
        return flow;
    }

    private static YamlFlow Added(PositionsSpec positions) => positions.Kind switch
    {
        PositionKind.Learned => Kind(PositionsChoice.Learned),
        PositionKind.Sinusoidal => Kind(PositionsChoice.Sinusoidal, ("base", YamlFlow.Number(positions.Base)), ("arrangement", SpecNames.Arrangements.Name(positions.Arrangement))),
        _ => Kind(PositionsChoice.None),
    };

    private static YamlFlow Rotary(AttentionSpec attention) => attention.Rotary is { } rotary
        ? Kind(
            PositionsChoice.Rotary,
            ("base", YamlFlow.Number(rotary.Base)),
            ("pairing", SpecNames.Pairings.Name(rotary.Pairing)),
            ("fraction", YamlFlow.Number((double)rotary.Width / attention.HeadWidth)))
        : Kind(PositionsChoice.None);

    private static YamlFlow Kind(PositionsChoice kind, params (string Key, string Value)[] rest)
    {
        var flow = new YamlFlow { { "kind", SpecNames.Positions.Name(kind) } };
        foreach ((string key, string value) in rest)
            flow.Add(key, value);
        return flow;
    }

    private static string Biases(params (string Part, bool Bias)[] parts)
    {
        if (parts.All(part => part.Bias == parts[0].Bias))
            return YamlFlow.Boolean(parts[0].Bias);
        var flow = new YamlFlow();
        foreach ((string part, bool bias) in parts)
            flow.Add(part, bias);
        return flow.ToString();
    }
}
