using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>d(x) = d(y) where x lies strictly between the bounds, else 0. Inputs: x, d(y).</summary>
public sealed record ClampGradient(Clamp Clamp) : GradientOperation
{
    public override string Word => "clamp_gradient";

    public override string Detail => Clamp.Detail;

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, rule.Inputs[0]);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
