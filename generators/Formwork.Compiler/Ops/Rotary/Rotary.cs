using System.Globalization;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Rotates pairs of numbers of every head by position·base^(−2i / rotated width) (Su et al. 2021): with the angle's cosine c and sine s,
/// (a, b) becomes (a·c − b·s, a·s + b·c). The pair i is (i, i + half) or (2i, 2i + 1). Numbers outside the rotated ones stay. A scaling
/// changes frequencies and size of c and s: <see cref="RotaryFrequencies"/>.
/// Inputs: x <c>[tokens, heads · head width]</c>, positions <c>int [tokens]</c>.
/// </summary>
public sealed record Rotary(int Heads, int HeadWidth, RotarySpec Spec) : ForwardOperation
{
    /// <summary>The first rotated number of each head.</summary>
    public int Start { get; init; }

    /// <summary>The most positions, on which some scalings depend.</summary>
    public int Context { get; init; }

    public override string Word => "rotary";

    public override string Detail =>
        $"{Heads} heads of {HeadWidth}, {Spec.Width} rotated, base {Spec.Base.ToString("R", CultureInfo.InvariantCulture)}, {Spec.Pairing.ToString().ToLowerInvariant()}{(Start == 0 ? "" : $", from {Start}")}{(Spec.Scaling is { } scaling ? $", {scaling.Kind.ToString().ToLowerInvariant()}" : "")}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        Dimension rows = rule.Inputs[0].Dimensions[0];
        rule.Input(0, Shape.Of(rows, Heads * HeadWidth));
        rule.Input(1, Shape.OfInt32(rows));
        rule.Require(Spec.Width % 2 == 0 && Start + Spec.Width <= HeadWidth, $"an even rotated width of at most {HeadWidth - Start}", $"{Spec.Width}");
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
