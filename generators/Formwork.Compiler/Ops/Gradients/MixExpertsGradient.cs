using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>
/// What flows back through a mixture of experts to one of its inputs: as through each expert's products, weighted; to a token's weights,
/// each expert's output times d(y). Inputs: those of the mixture, then d(y).
/// </summary>
public sealed record MixExpertsGradient(MixExperts Mix, int Input) : GradientOperation
{
    public override string Word => "mix_experts_gradient";

    public override string Detail => $"input {Input}, {Mix.Detail}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Require(Input < rule.Inputs.Count - 1, "an input of the mixture", $"{Input}");
        rule.Input(rule.Inputs.Count - 1, rule.Inputs[0]);
        return rule.Inputs[Input];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
