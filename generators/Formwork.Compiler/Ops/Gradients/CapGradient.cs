using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>d(x) = (1 − (y / limit)²) ∘ d(y), for y = limit · tanh(x / limit). Inputs: y, d(y).</summary>
public sealed record CapGradient(double Limit) : GradientOperation
{
    public override string Word => "cap_gradient";

    public override string Detail => Limit.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, rule.Inputs[0]);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
