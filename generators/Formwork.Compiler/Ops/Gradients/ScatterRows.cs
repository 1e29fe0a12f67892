using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>What flows back through a choice of rows: d(y)'s rows at their places, zeros elsewhere. Input: d(y) <c>[outputs or sequences, width]</c>.</summary>
public sealed record ScatterRows(bool FirstTokens) : GradientOperation
{
    public override string Word => "scatter_rows";

    public override string Detail => FirstTokens ? "first tokens" : "";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        return Shape.Of(Dimension.Tokens, rule.Inputs[0].Width);
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
