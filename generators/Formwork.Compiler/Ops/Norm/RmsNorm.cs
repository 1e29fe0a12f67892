using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// y = x / √(mean(x²) + ε) · g over the innermost axis (Zhang and Sennrich 2019). Inputs: x, the stored gain w <c>[width]</c>.
/// g = w, or 1 + w with <paramref name="UnitOffset"/>.
/// </summary>
public sealed record RmsNorm(double Epsilon, bool UnitOffset) : Operation
{
    public override string Word => "rms_norm";

    public override string Detail => $"epsilon {Epsilon.ToString("R", CultureInfo.InvariantCulture)}{(UnitOffset ? ", 1 + w" : "")}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, Shape.Of(rule.Inputs[0].Width));
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
