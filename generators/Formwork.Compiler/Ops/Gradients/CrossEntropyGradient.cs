using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>d(z) = (softmax(z) − target distribution) / rows. Inputs: logits z <c>[rows, classes]</c>, targets <c>int [rows]</c>.</summary>
public sealed record CrossEntropyGradient : GradientOperation
{
    public override string Word => "cross_entropy_gradient";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, Shape.OfInt32(rule.Inputs[0].Dimensions[0]));
        return rule.Inputs[0];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
