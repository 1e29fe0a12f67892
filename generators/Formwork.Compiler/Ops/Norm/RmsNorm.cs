using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// y = x / √(mean(x²) + ε) · g over the innermost axis (Zhang and Sennrich 2019). Inputs: x, the stored gain w <c>[width]</c>.
/// g = w, or 1 + w with <paramref name="UnitOffset"/>.
/// </summary>
public sealed record RmsNorm(double Epsilon, bool UnitOffset) : ForwardOperation
{
    /// <summary>In how many slices the row is, each normed by itself with one gain for all: the heads of queries or keys.</summary>
    public int Heads { get; init; } = 1;

    public override string Word => "rms_norm";

    public override string Detail => $"epsilon {Epsilon.ToString("R", CultureInfo.InvariantCulture)}{(UnitOffset ? ", 1 + w" : "")}{(Heads == 1 ? "" : $", {Heads} heads")}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, Shape.Of(rule.Inputs[0].Width / Heads));
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
