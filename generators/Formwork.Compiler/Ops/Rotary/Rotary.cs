using System.Globalization;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Rotates pairs of numbers of every head by position·base^(−2i / rotated width) (Su et al. 2021): with the angle's cosine c and sine s,
/// (a, b) becomes (a·c − b·s, a·s + b·c). The pair i is (i, i + half) or (2i, 2i + 1). Numbers past the rotated width stay.
/// Inputs: x <c>[tokens, heads · head width]</c>, positions <c>int [tokens]</c>.
/// </summary>
public sealed record Rotary(int Heads, int HeadWidth, RotarySpec Spec) : Operation
{
    public override string Word => "rotary";

    public override string Detail =>
        $"{Heads} heads of {HeadWidth}, {Spec.Width} rotated, base {Spec.Base.ToString("R", CultureInfo.InvariantCulture)}, {Spec.Pairing.ToString().ToLowerInvariant()}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(0, Shape.Of(Dimension.Tokens, Heads * HeadWidth));
        rule.Input(1, Shape.OfInt32(Dimension.Tokens));
        rule.Require(Spec.Width % 2 == 0 && Spec.Width <= HeadWidth, $"an even rotated width of at most {HeadWidth}", $"{Spec.Width}");
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
