using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>y[t, :] = factor[t] · x[t, :]. Inputs: x <c>[tokens, width]</c>, factor <c>[tokens, 1]</c>.</summary>
public sealed record ScaleRows : ForwardOperation
{
    public override string Word => "scale_rows";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, rule.Inputs[0].WithWidth(1));
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
