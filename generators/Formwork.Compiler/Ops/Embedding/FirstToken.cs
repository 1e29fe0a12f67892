using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>The first token's row of each sequence: x <c>[tokens, width]</c> becomes <c>[sequences, width]</c>.</summary>
public sealed record FirstToken : ForwardOperation
{
    public override string Word => "first_token";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        return Shape.Of(Dimension.Sequences, rule.Inputs[0].Width);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
