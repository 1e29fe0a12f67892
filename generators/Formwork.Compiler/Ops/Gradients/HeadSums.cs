using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>The derivative of what all heads were given: Σ over heads of the numbers from Start on, Width of them. Input: d(y) <c>[tokens, heads · n]</c>.</summary>
public sealed record HeadSums(int Heads, int Start, int Width) : GradientOperation
{
    public override string Word => "head_sums";

    public override string Detail => $"{Start}..{Start + Width} of each of {Heads} heads";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        rule.Require(rule.Inputs[0].Width % Heads == 0 && Start + Width <= rule.Inputs[0].Width / Heads, $"{Heads} heads of at least {Start + Width}", $"{rule.Inputs[0]}");
        return rule.Inputs[0].WithWidth(Width);
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
