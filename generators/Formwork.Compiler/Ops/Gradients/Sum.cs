using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>The derivative by a value with several readers: what flows back from each, summed. Inputs: as many as there are.</summary>
public sealed record Sum : GradientOperation
{
    public override string Word => "sum";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Require(rule.Inputs.Count > 1, "several inputs", $"{rule.Inputs.Count}");
        for (int input = 1; input < rule.Inputs.Count; input++)
            rule.Input(input, rule.Inputs[0]);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
