using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// y = x·Wᵀ, or x·Wᵀ + b. Inputs: x <c>[tokens, inputs]</c>, W <c>[outputs, inputs]</c>, and b <c>[outputs]</c> when there is a bias.
/// </summary>
public sealed record Linear : ForwardOperation
{
    public override string Word => "linear";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Require(rule.Inputs.Count is 2 or 3, "x, weight and perhaps bias", $"{rule.Inputs.Count} inputs");
        Shape x = rule.Inputs[0], weight = rule.Inputs[1];
        rule.Require(weight.Rank == 2 && weight.Width == x.Width, $"a weight [outputs, {x.Width}]", $"{weight}");
        Dimension outputs = weight.Dimensions[0];
        if (rule.Inputs.Count == 3)
            rule.Input(2, Shape.Of(outputs));
        return x.WithWidth(outputs.Size);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
