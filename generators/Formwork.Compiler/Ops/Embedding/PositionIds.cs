using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>The position of each token in its sequence, counted from <see cref="Offset"/>, <c>int [tokens]</c>.</summary>
public sealed record PositionIds : ForwardOperation
{
    /// <summary>How many there are.</summary>
    public Dimension Rows { get; init; } = Dimension.Tokens;

    /// <summary>The first token's.</summary>
    public int Offset { get; init; }

    public override string Word => "position_ids";

    public override string Detail => Offset == 0 ? "" : $"from {Offset}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(0);
        return Shape.OfInt32(Rows);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
