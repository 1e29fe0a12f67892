using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>The input: one id a token, <c>int [tokens]</c>.</summary>
public sealed record TokenIds : Operation
{
    public override string Word => "token_ids";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(0);
        return Shape.OfInt32(Dimension.Tokens);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
