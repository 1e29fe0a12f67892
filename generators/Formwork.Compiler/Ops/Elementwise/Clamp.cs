using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>y = min(max(x, lowest), highest); a missing bound does not bound.</summary>
public sealed record Clamp(double? Lowest, double? Highest) : ForwardOperation
{
    public override string Word => "clamp";

    public override string Detail => $"{Text(Lowest)}..{Text(Highest)}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        return rule.Inputs[0];
    }

    private static string Text(double? bound) => bound?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
