using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>y = a ∘ b, number by number. Inputs of one shape.</summary>
public sealed record Multiply : ForwardOperation
{
    public override string Word => "multiply";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, rule.Inputs[0]);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
