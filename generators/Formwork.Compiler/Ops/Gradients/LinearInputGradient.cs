using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>d(x) = d(y)·W. Inputs: d(y) <c>[tokens, outputs]</c>, W <c>[outputs, inputs]</c>.</summary>
public sealed record LinearInputGradient : GradientOperation
{
    public override string Word => "linear_input_gradient";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Require(rule.Inputs[1].Rank == 2 && rule.Inputs[1].Dimensions[0] == rule.Inputs[0].Width, $"a weight [{rule.Inputs[0].Width}, inputs]", $"{rule.Inputs[1]}");
        return rule.Inputs[0].WithWidth(rule.Inputs[1].Width);
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
