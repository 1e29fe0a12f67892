using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>The derivative of a bias: d(b) = Σₜ d(y)[t, :], the heads of a row summed too. Input: d(y) <c>[tokens, heads · width]</c>.</summary>
public sealed record ColumnSums(int Heads) : GradientOperation
{
    public override string Word => "column_sums";

    public override string Detail => Heads == 1 ? "" : $"{Heads} heads";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        rule.Require(rule.Inputs[0].Width % Heads == 0, $"a multiple of {Heads} heads", $"{rule.Inputs[0]}");
        return Shape.Of(rule.Inputs[0].Width / Heads);
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
