using System.Text;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec;

/// <summary>Prints the keys of a stack of layers.</summary>
internal static class StackPrinter
{
    private static string Nothing => SpecNames.Nothing.Name(NoneChoice.None);

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
            text.Append($"{indent}positions: {(first.Attention.Rotary is null ? OfStack(stack.Positions) : Rotary(first.Attention))}\n");
            AppendEnds(text, stack, first.Placement, indent);
            return text.ToString();
        }
        text.Append($"{indent}layers:\n");
        foreach ((LayerSpec layer, int count) in groups)
        {
            text.Append($"{indent}  - repeat: {count}\n");
            AppendParts(text, layer, indent + "    ");
            text.Append($"{indent}    positions: {Rotary(layer.Attention)}\n");
        }
        // What every group overrides still has to be said, and nothing that a group would have to undo.
        text.Append($"{indent}attention: {Attention(Plain(first.Attention))}\n{indent}feed_forward: {FeedForward(Plain(first.FeedForward))}\n");
        text.Append($"{indent}norm: {Norm(stack.FinalNorm ?? stack.EmbeddingNorm ?? first.Norm, NormPlacement.Pre)}\n");
        text.Append($"{indent}positions: {OfStack(stack.Positions)}\n");
        AppendEnds(text, stack, NormPlacement.Pre, indent);
        return text.ToString();
    }

    private static AttentionSpec Plain(AttentionSpec attention) => attention with
    {
        Window = null, ScoreCap = null, Sinks = false, QueryKeyNorm = QueryKeyNorm.None, Latent = null, Norm = null,
    };

    private static FeedForwardSpec Plain(FeedForwardSpec feedForward) => feedForward with { Clamp = null, UpOffset = 0, Experts = null, Norm = null };

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

    // Whether the layers' norm, said for the whole stack, is also that of its ends.
    private static bool IsOwnNorm(StackSpec stack, LayerSpec layer) =>
        (stack.FinalNorm is null || stack.FinalNorm == layer.Norm) && (stack.EmbeddingNorm is null || stack.EmbeddingNorm == layer.Norm);

    private static void AppendParts(StringBuilder text, LayerSpec layer, string indent)
    {
        text.Append($"{indent}attention: {Attention(layer.Attention)}\n");
        if (layer.CrossAttention is { } cross)
            text.Append($"{indent}cross_attention: {Attention(cross with { Norm = cross.Norm ?? layer.Norm }, all: true)}\n");
        text.Append($"{indent}feed_forward: {FeedForward(layer.FeedForward)}\n");
        text.Append($"{indent}norm: {Norm(layer.Norm, layer.Placement)}\n");
        if (layer.Parts != PartsArrangement.Sequential)
            text.Append($"{indent}parts: {SpecNames.Parts.Name(layer.Parts)}\n");
        if (layer.ResidualScale != 1)
            text.Append($"{indent}residual_scale: {YamlFlow.Number(layer.ResidualScale)}\n");
    }

    private static void AppendEnds(StringBuilder text, StackSpec stack, NormPlacement placement, string indent)
    {
        if (stack.FinalNorm is null == (placement != NormPlacement.Post))
            text.Append($"{indent}final_norm: {YamlFlow.Boolean(stack.FinalNorm is not null)}\n");
        if (stack.TakesVectors)
            text.Append($"{indent}input: {SpecNames.Inputs.Name(InputChoice.Vectors)}\n");
    }

    private static YamlFlow Attention(AttentionSpec attention, bool all = false)
    {
        var flow = new YamlFlow
        {
            { "heads", attention.Heads },
            { "key_value_heads", attention.KeyValueHeads },
            { "head_width", attention.HeadWidth },
            { "bias", Biases(("query", attention.QueryBias), ("key", attention.KeyBias), ("value", attention.ValueBias), ("output", attention.OutputBias)) },
            { "scale", attention.Scale },
        };
        if (all || attention.Window is not null)
            flow.Add("window", Optional(attention.Window));
        if (all || attention.ScoreCap is not null)
            flow.Add("score_cap", Optional(attention.ScoreCap));
        if (all || attention.Sinks)
            flow.Add("sinks", attention.Sinks);
        if (all || attention.QueryKeyNorm != QueryKeyNorm.None)
            flow.Add("query_key_norm", SpecNames.QueryKeyNorms.Name(attention.QueryKeyNorm));
        if (all || attention.Latent is not null)
            flow.Add("latent", attention.Latent is { } latent ? Latent(latent).ToString() : Nothing);
        if (attention.Norm is { } norm)
            flow.Add("norm", PartNorm(norm).ToString());
        return flow;
    }

    private static YamlFlow Latent(LatentSpec latent) => new()
    {
        { "query_rank", Optional(latent.QueryRank) },
        { "key_value_rank", latent.KeyValueRank },
        { "rotary_width", latent.RotaryWidth },
        { "value_width", latent.ValueWidth },
    };

    private static YamlFlow FeedForward(FeedForwardSpec feedForward)
    {
        var flow = new YamlFlow
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
        if (feedForward.Clamp is { } clamp)
            flow.Add("clamp", clamp);
        if (feedForward.UpOffset != 0)
            flow.Add("up_offset", feedForward.UpOffset);
        if (feedForward.Experts is { } experts)
            flow.Add("experts", Experts(experts).ToString());
        if (feedForward.Norm is { } norm)
            flow.Add("norm", PartNorm(norm).ToString());
        return flow;
    }

    private static YamlFlow Experts(ExpertsSpec experts) => new()
    {
        { "count", experts.Count },
        { "chosen", experts.Chosen },
        { "score", SpecNames.RouterScores.Name(experts.Score) },
        { "renormalize", experts.Renormalize },
        { "scale", experts.Scale },
        { "router_bias", experts.RouterBias },
        { "selection_bias", experts.SelectionBias },
        { "groups", experts.Groups },
        { "chosen_groups", experts.ChosenGroups },
        { "group_score", SpecNames.GroupScores.Name(experts.GroupScore) },
        { "shared_width", Optional(experts.SharedWidth) },
        { "shared_gate", experts.SharedGate },
    };

    private static YamlFlow Norm(NormSpec norm, NormPlacement placement)
    {
        YamlFlow flow = PartNorm(norm);
        flow.Insert(Math.Min(2, flow.Count), new KeyValuePair<string, string>("placement", SpecNames.Placements.Name(placement)));
        return flow;
    }

    private static YamlFlow PartNorm(NormSpec norm)
    {
        var flow = new YamlFlow { { "kind", SpecNames.Norms.Name(norm.Kind) } };
        if (norm.Kind == NormKind.None)
            return flow;
        flow.Add("epsilon", norm.Epsilon);
        if (norm.Kind == NormKind.Layer)
            flow.Add("bias", norm.Bias);
        flow.Add("unit_offset", norm.UnitOffset);
        return flow;
    }

    private static YamlFlow OfStack(PositionsSpec positions)
    {
        YamlFlow flow = positions.Kind switch
        {
            PositionKind.Learned => Kind(PositionsChoice.Learned),
            PositionKind.Sinusoidal => Kind(
                PositionsChoice.Sinusoidal, ("base", YamlFlow.Number(positions.Base)), ("arrangement", SpecNames.Arrangements.Name(positions.Arrangement))),
            PositionKind.Alibi => Kind(PositionsChoice.Alibi),
            PositionKind.Relative => Kind(
                PositionsChoice.Relative, ("buckets", YamlFlow.Number(positions.Buckets)), ("max_distance", YamlFlow.Number(positions.MaxDistance))),
            _ => Kind(PositionsChoice.None),
        };
        if (positions.Spacing != SinusoidalSpacing.Open)
            flow.Add("spacing", SpecNames.Spacings.Name(positions.Spacing));
        if (positions.Offset != 0)
            flow.Add("offset", positions.Offset);
        return flow;
    }

    private static YamlFlow Rotary(AttentionSpec attention)
    {
        if (attention.Rotary is not { } rotary)
            return Kind(PositionsChoice.None);
        YamlFlow flow = Kind(PositionsChoice.Rotary, ("base", YamlFlow.Number(rotary.Base)), ("pairing", SpecNames.Pairings.Name(rotary.Pairing)));
        // Latent attention says itself how many numbers are rotated.
        if (attention.Latent is null)
            flow.Add("fraction", YamlFlow.Number((double)rotary.Width / attention.HeadWidth));
        if (rotary.Scaling is { } scaling)
            flow.Add("scaling", Scaling(scaling).ToString());
        return flow;
    }

    private static YamlFlow Scaling(RotaryScalingSpec scaling)
    {
        var flow = new YamlFlow { { "kind", SpecNames.Scalings.Name(scaling.Kind) } };
        if (scaling.Kind != RotaryScalingKind.LongRope)
            flow.Add("factor", scaling.Factor);
        if (scaling.OriginalContext > 0)
            flow.Add("original_context", scaling.OriginalContext);
        switch (scaling.Kind)
        {
            case RotaryScalingKind.Yarn:
                flow.Add("beta_fast", scaling.BetaFast);
                flow.Add("beta_slow", scaling.BetaSlow);
                flow.Add("truncate", scaling.Truncate);
                flow.Add("attention_factor", scaling.AttentionFactor);
                break;
            case RotaryScalingKind.Llama3:
                flow.Add("low_frequency_factor", scaling.LowFrequencyFactor);
                flow.Add("high_frequency_factor", scaling.HighFrequencyFactor);
                break;
            case RotaryScalingKind.LongRope:
                flow.Add("attention_factor", scaling.AttentionFactor);
                flow.Add("short_factors", YamlFlow.List(scaling.ShortFactors.Select(YamlFlow.Number)));
                flow.Add("long_factors", YamlFlow.List(scaling.LongFactors.Select(YamlFlow.Number)));
                break;
        }
        return flow;
    }

    private static string Optional(double? value) => value is { } number ? YamlFlow.Number(number) : Nothing;

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
