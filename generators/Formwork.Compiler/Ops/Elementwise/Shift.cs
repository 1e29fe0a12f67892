using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>y = x + amount.</summary>
public sealed record Shift(double Amount) : ForwardOperation
{
    public override string Word => "shift";

    public override string Detail => Amount.ToString("R", CultureInfo.InvariantCulture);

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
