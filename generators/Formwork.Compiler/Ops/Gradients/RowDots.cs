using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>The derivative of a row's factor: d(f)[t] = x[t, :] · d(y)[t, :]. Inputs: x, d(y).</summary>
public sealed record RowDots : GradientOperation
{
    public override string Word => "row_dots";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, rule.Inputs[0]);
        return rule.Inputs[0].WithWidth(1);
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
