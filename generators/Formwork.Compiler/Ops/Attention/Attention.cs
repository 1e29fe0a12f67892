using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// For each head: softmax(scale · q·kᵀ + mask)·v (Vaswani et al. 2017, section 3.2), query head h reading key/value head
/// h / (heads / key/value heads). Causal: a token sees itself and earlier ones.
/// Inputs: q <c>[tokens, heads · head width]</c>, k and v <c>[tokens, key/value heads · head width]</c>.
/// </summary>
public sealed record Attention(int Heads, int KeyValueHeads, int HeadWidth, double ScoreScale, bool Causal) : Operation
{
    public override string Word => "attention";

    public override string Detail =>
        $"{Heads} heads of {HeadWidth} over {KeyValueHeads}, scale {ScoreScale.ToString("R", CultureInfo.InvariantCulture)}, {(Causal ? "causal" : "bidirectional")}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(3);
        rule.Input(0, Shape.Of(Dimension.Tokens, Heads * HeadWidth));
        rule.Input(1, Shape.Of(Dimension.Tokens, KeyValueHeads * HeadWidth));
        rule.Input(2, Shape.Of(Dimension.Tokens, KeyValueHeads * HeadWidth));
        rule.Require(Heads % KeyValueHeads == 0, $"key/value heads that divide {Heads}", $"{KeyValueHeads}");
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
