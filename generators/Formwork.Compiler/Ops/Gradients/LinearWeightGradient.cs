using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>d(W) = d(y)ᵀ·x, summed over tokens. Inputs: d(y) <c>[tokens, outputs]</c>, x <c>[tokens, inputs]</c>.</summary>
public sealed record LinearWeightGradient : GradientOperation
{
    public override string Word => "linear_weight_gradient";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Require(rule.Inputs[0].Dimensions[0] == rule.Inputs[1].Dimensions[0], $"as many rows as {rule.Inputs[0]}", $"{rule.Inputs[1]}");
        return Shape.Of(rule.Inputs[0].Width, rule.Inputs[1].Width);
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
