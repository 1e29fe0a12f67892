using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// y = (x − mean(x)) / √(variance(x) + ε) · g + b over the innermost axis, the variance being the mean squared deviation (Ba et al. 2016).
/// Inputs: x, the stored gain w <c>[width]</c>, and b <c>[width]</c> when there is a bias. g = w, or 1 + w with <paramref name="UnitOffset"/>.
/// </summary>
public sealed record LayerNorm(double Epsilon, bool UnitOffset) : ForwardOperation
{
    /// <summary>In how many slices the row is, each normed by itself with one gain for all: the heads of queries or keys.</summary>
    public int Heads { get; init; } = 1;

    public override string Word => "layer_norm";

    public override string Detail => $"epsilon {Epsilon.ToString("R", CultureInfo.InvariantCulture)}{(UnitOffset ? ", 1 + w" : "")}{(Heads == 1 ? "" : $", {Heads} heads")}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Require(rule.Inputs.Count is 2 or 3, "x, gain and perhaps bias", $"{rule.Inputs.Count} inputs");
        for (int input = 1; input < rule.Inputs.Count; input++)
            rule.Input(input, Shape.Of(rule.Inputs[0].Width / Heads));
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
