using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>y = factor · x.</summary>
public sealed record Scale(double Factor) : ForwardOperation
{
    public override string Word => "scale";

    public override string Detail => Factor.ToString("R", CultureInfo.InvariantCulture);

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
