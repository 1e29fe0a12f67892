using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning;

/// <summary>What the rows at the start of the residual stream are summed of.</summary>
internal sealed class EmbeddingParts
{
    public EmbeddingParts(Node node) => Take(node);

    /// <summary>The token embedding's table; null when the rows are given as vectors.</summary>
    public Node? Table { get; private set; }

    /// <summary>What the token's vector is multiplied by.</summary>
    public double Scale { get; private set; } = 1;

    /// <summary>The table of token types; null for none.</summary>
    public Node? TypeTable { get; private set; }

    /// <summary>The table of learned positions; null for none.</summary>
    public Node? PositionTable { get; private set; }

    /// <summary>Sines and cosines; null for none.</summary>
    public SinusoidalPositions? Sinusoids { get; private set; }

    /// <summary>The row of position 0.</summary>
    public int Offset { get; private set; }

    private void Take(Node node)
    {
        switch (node.Operation)
        {
            case Add:
                foreach (Node input in node.Inputs)
                    Take(input);
                break;
            case Scale scale:
                Scale = scale.Factor;
                Take(node.Inputs[0]);
                break;
            case Embedding when node.Inputs[0].Operation is PositionIds positions:
                (PositionTable, Offset) = (node.Inputs[1], positions.Offset);
                break;
            case Embedding when node.Inputs[0].Operation is TokenTypeIds:
                TypeTable = node.Inputs[1];
                break;
            case Embedding:
                Table = node.Inputs[1];
                break;
            case SinusoidalPositions sinusoids:
                (Sinusoids, Offset) = (sinusoids, ((PositionIds)node.Inputs[0].Operation).Offset);
                break;
        }
    }
}
