using System.Globalization;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>
/// With f(i) = base^(−2i / width) and i &lt; width / 2: sine and cosine of position·f(i), at 2i and 2i + 1 (interleaved) or at i and
/// width / 2 + i (halves). Vaswani et al. 2017, section 3.5. Input: positions <c>int [tokens]</c>.
/// </summary>
public sealed record SinusoidalPositions(int Width, double Base, SinusoidalArrangement Arrangement) : ForwardOperation
{
    /// <summary>Which frequencies; with <see cref="SinusoidalSpacing.Closed"/>, f(i) = base^(−i / (width / 2 − 1)).</summary>
    public SinusoidalSpacing Spacing { get; init; }

    public override string Word => "sinusoidal_positions";

    public override string Detail => $"base {Base.ToString("R", CultureInfo.InvariantCulture)}, {Arrangement.ToString().ToLowerInvariant()}{(Spacing == SinusoidalSpacing.Closed ? ", closed" : "")}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        rule.Input(0, Shape.OfInt32(rule.Inputs[0].Dimensions[0]));
        rule.Require(Width % 2 == 0, "an even width", $"{Width}");
        return Shape.Of(rule.Inputs[0].Dimensions[0], Width);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
