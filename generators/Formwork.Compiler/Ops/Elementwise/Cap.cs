using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>y = limit · tanh(x / limit): close to x where x is small, never beyond the limit (Gemma 2).</summary>
public sealed record Cap(double Limit) : ForwardOperation
{
    public override string Word => "cap";

    public override string Detail => Limit.ToString("R", CultureInfo.InvariantCulture);

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
