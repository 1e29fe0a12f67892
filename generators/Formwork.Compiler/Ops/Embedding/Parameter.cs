using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>Learned numbers. Matrices are [outputs, inputs]; embedding tables [ids, width]; gains and biases [width].</summary>
public sealed record Parameter(Shape Shape) : ForwardOperation
{
    public override string Word => "parameter";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(0);
        rule.Require(Shape.Dimensions.All(dimension => dimension.IsLiteral), "literal dimensions", $"{Shape}");
        return Shape;
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
