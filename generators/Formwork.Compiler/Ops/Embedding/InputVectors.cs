using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>The input of a model whose front end stands outside it: a vector a token, <c>[tokens, width]</c>.</summary>
public sealed record InputVectors(int Width) : ForwardOperation
{
    /// <summary>How many there are.</summary>
    public Dimension Rows { get; init; } = Dimension.Tokens;

    public override string Word => "input_vectors";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(0);
        return Shape.Of(Rows, Width);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
