using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// The rows that something is asked of: x <c>[tokens, width]</c> becomes <c>[outputs, width]</c>. While training, those that have a target.
/// </summary>
public sealed record WantedRows : ForwardOperation
{
    public override string Word => "wanted_rows";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        return Shape.Of(Dimension.Outputs, rule.Inputs[0].Width);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
