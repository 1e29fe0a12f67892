using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>The position of each token in its sequence, counted from 0, <c>int [tokens]</c>.</summary>
public sealed record PositionIds : Operation
{
    public override string Word => "position_ids";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(0);
        return Shape.OfInt32(Dimension.Tokens);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
