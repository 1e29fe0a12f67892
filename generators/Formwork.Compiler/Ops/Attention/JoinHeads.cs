using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Puts to each head of a <c>[tokens, heads · n]</c> the same numbers b <c>[tokens, m]</c>: <c>[tokens, heads · (n + m)]</c>. Latent attention
/// rotates one part of the key for all heads (DeepSeek-V2 2024, section 2.1.3).
/// </summary>
public sealed record JoinHeads(int Heads) : ForwardOperation
{
    public override string Word => "join_heads";

    public override string Detail => $"{Heads} heads";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        Shape a = rule.Inputs[0], b = rule.Inputs[1];
        rule.Require(a.Width % Heads == 0, $"a multiple of {Heads} heads", $"{a}");
        rule.Input(1, a.WithWidth(b.Width));
        return a.WithWidth(a.Width + Heads * b.Width);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
