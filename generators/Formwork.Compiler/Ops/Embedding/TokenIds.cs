using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>The input: one id a token, <c>int [tokens]</c>, or <c>int [source]</c> for those of a source.</summary>
public sealed record TokenIds : ForwardOperation
{
    /// <summary>How many there are.</summary>
    public Dimension Rows { get; init; } = Dimension.Tokens;

    public override string Word => "token_ids";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(0);
        return Shape.OfInt32(Rows);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
