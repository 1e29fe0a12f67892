using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>What flows back through a rotation: every pair turned the other way, (a, b) becomes (a·c + b·s, b·c − a·s). Inputs: d(y), positions <c>int [tokens]</c>.</summary>
public sealed record RotaryGradient(Rotary Rotary) : GradientOperation
{
    public override string Word => "rotary_gradient";

    public override string Detail => Rotary.Detail;

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(0, rule.Inputs[0].WithWidth(Rotary.Heads * Rotary.HeadWidth));
        return rule.Inputs[0];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
