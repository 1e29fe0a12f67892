using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Graph;

/// <summary>How a stack knows positions: what is added to its embedding, what rotates, what distances add to scores.</summary>
internal sealed class PositionNodes(GraphNodes nodes, StackSpec stack, string path, Dimension rows)
{
    private Node? _ids, _table;

    /// <summary>The most positions.</summary>
    public int Context => stack.Context;

    /// <summary>Positions counted from 0, for rotations.</summary>
    public Node Ids => _ids ??= nodes.Add($"{path}positions", new PositionIds { Rows = rows });

    /// <summary>What is added to the embedding; null for nothing.</summary>
    public Node? Added(int width)
    {
        PositionsSpec positions = stack.Positions;
        switch (positions.Kind)
        {
            case PositionKind.Learned:
                Node table = nodes.Parameter($"{path}embedding.position", stack.Context + positions.Offset, width);
                return nodes.Add($"{path}embedding.positions", new Embedding(), Offset(positions), table);
            case PositionKind.Sinusoidal:
                var sinusoidal = new SinusoidalPositions(width, positions.Base, positions.Arrangement) { Spacing = positions.Spacing };
                return nodes.Add($"{path}embedding.positions", sinusoidal, Offset(positions));
            default:
                return null;
        }
    }

    /// <summary>What distances add to scores; null for nothing.</summary>
    public DistanceBias? Distance(bool causal) => stack.Positions.Kind switch
    {
        PositionKind.Alibi => new DistanceBias(0, 0, Bidirectional: !causal),
        PositionKind.Relative => new DistanceBias(stack.Positions.Buckets, stack.Positions.MaxDistance, Bidirectional: !causal),
        _ => null,
    };

    /// <summary>The learned table of relative positions, one for all layers.</summary>
    public Node Table(int heads) => _table ??= nodes.Parameter($"{path}relative_bias", stack.Positions.Buckets, heads);

    private Node Offset(PositionsSpec positions) => positions.Offset == 0
        ? Ids
        : nodes.Add($"{path}positions.offset", new PositionIds { Rows = rows, Offset = positions.Offset });
}
