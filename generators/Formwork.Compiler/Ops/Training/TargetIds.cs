using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>The class that each row should be, <c>int [rows]</c>.</summary>
public sealed record TargetIds(Dimension Rows) : ForwardOperation
{
    public override string Word => "target_ids";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(0);
        return Shape.OfInt32(Rows);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
