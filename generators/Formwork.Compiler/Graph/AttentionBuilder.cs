using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Graph;

/// <summary>Builds the attention of a layer.</summary>
/// <param name="nodes">Where the nodes go.</param>
/// <param name="path">The part's path.</param>
/// <param name="spec">The attention.</param>
/// <param name="norm">The layer's norm, which that of queries and keys is like.</param>
/// <param name="width">Width of the residual stream.</param>
/// <param name="positions">The stack's positions.</param>
internal sealed class AttentionBuilder(GraphNodes nodes, string path, AttentionSpec spec, NormSpec norm, int width, PositionNodes positions)
{
    private int QueryWidth => spec.Heads * spec.HeadWidth;

    private int KeyWidth => spec.KeyValueHeads * spec.HeadWidth;

    /// <summary>Attention of a sequence to itself.</summary>
    public Node Self(Node x, bool causal)
    {
        (Node query, Node key, Node value) = spec.Latent is { } latent ? LatentProjections(latent, x) : Projections(x, x, rotated: true);
        return Attend(query, key, value, causal, positions.Distance(causal));
    }

    /// <summary>Attention to a source.</summary>
    public Node Cross(Node x, Node memory)
    {
        (Node query, Node key, Node value) = Projections(x, memory, rotated: false);
        return Attend(query, key, value, causal: false, distance: null);
    }

    private (Node Query, Node Key, Node Value) Projections(Node x, Node source, bool rotated)
    {
        Node query = nodes.Linear($"{path}.query", x, QueryWidth, spec.QueryBias);
        Node key = nodes.Linear($"{path}.key", source, KeyWidth, spec.KeyBias);
        Node value = nodes.Linear($"{path}.value", source, KeyWidth, spec.ValueBias);
        if (spec.QueryKeyNorm != QueryKeyNorm.None)
        {
            bool whole = spec.QueryKeyNorm == QueryKeyNorm.Whole;
            query = nodes.Norm($"{path}.query_norm", norm, query, whole ? 1 : spec.Heads);
            key = nodes.Norm($"{path}.key_norm", norm, key, whole ? 1 : spec.KeyValueHeads);
        }
        if (rotated && spec.Rotary is not null)
        {
            query = Rotate($"{path}.query.rotated", query, spec.Heads, spec.HeadWidth);
            key = Rotate($"{path}.key.rotated", key, spec.KeyValueHeads, spec.HeadWidth);
        }
        return (query, key, value);
    }

    /// <summary>Queries, keys and values by way of narrow vectors (DeepSeek-V2 2024, section 2.1).</summary>
    private (Node Query, Node Key, Node Value) LatentProjections(LatentSpec latent, Node x)
    {
        int plain = spec.HeadWidth - latent.RotaryWidth;
        Node source = x;
        if (latent.QueryRank is { } rank)
            source = nodes.Norm($"{path}.query_down_norm", norm, nodes.Linear($"{path}.query_down", x, rank, bias: false));
        Node query = nodes.Linear($"{path}.query", source, QueryWidth, bias: false);

        Node down = nodes.Linear($"{path}.key_value_down", x, latent.KeyValueRank + latent.RotaryWidth, bias: false);
        Node narrow = nodes.Add($"{path}.key_value_down.latent", new Slice(1, 0, latent.KeyValueRank), down);
        Node common = nodes.Add($"{path}.key_value_down.key", new Slice(1, latent.KeyValueRank, latent.RotaryWidth), down);
        Node normed = nodes.Norm($"{path}.key_value_norm", norm, narrow);
        Node up = nodes.Linear($"{path}.key_value_up", normed, spec.Heads * (plain + latent.ValueWidth), bias: false);
        Node key = nodes.Add($"{path}.key_value_up.key", new Slice(spec.Heads, 0, plain), up);
        Node value = nodes.Add($"{path}.value", new Slice(spec.Heads, plain, latent.ValueWidth), up);
        if (spec.Rotary is not null)
        {
            query = Rotate($"{path}.query.rotated", query, spec.Heads, spec.HeadWidth, plain);
            common = Rotate($"{path}.key.rotated", common, 1, latent.RotaryWidth);
        }
        return (query, nodes.Add($"{path}.key", new JoinHeads(spec.Heads), key, common), value);
    }

    private Node Rotate(string name, Node x, int heads, int headWidth, int start = 0) =>
        nodes.Add(name, new Rotary(heads, headWidth, spec.Rotary!) { Start = start, Context = positions.Context }, x, positions.Ids);

    private Node Attend(Node query, Node key, Node value, bool causal, DistanceBias? distance)
    {
        var attention = new Attention(spec.Heads, spec.KeyValueHeads, spec.HeadWidth, spec.Scale, causal)
        {
            ValueWidth = spec.ValueWidth,
            Window = spec.Window,
            ScoreCap = spec.ScoreCap,
            Sinks = spec.Sinks,
            Distance = distance,
            DropoutRate = nodes.Training?.AttentionDropout ?? 0,
            DropoutSite = nodes.Training is { AttentionDropout: > 0 } ? nodes.NextSite() : 0,
        };
        var inputs = new List<Node> { query, key, value };
        if (spec.Sinks)
            inputs.Add(nodes.Parameter($"{path}.sinks", spec.Heads));
        if (distance is { Buckets: > 0 })
            inputs.Add(positions.Table(spec.Heads));
        return nodes.Linear($"{path}.output", nodes.Add($"{path}.attended", attention, inputs.ToArray()), width, spec.OutputBias);
    }
}
