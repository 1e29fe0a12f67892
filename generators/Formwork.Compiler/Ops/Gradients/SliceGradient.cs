using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>What flows back through a slice: d(y) at its place in each head, zeros elsewhere. Input: d(y). Result: <c>[tokens, Width]</c>.</summary>
public sealed record SliceGradient(Slice Slice, int Width) : GradientOperation
{
    public override string Word => "slice_gradient";

    public override string Detail => Slice.Detail;

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        rule.Input(0, rule.Inputs[0].WithWidth(Slice.Heads * Slice.Width));
        return rule.Inputs[0].WithWidth(Width);
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
