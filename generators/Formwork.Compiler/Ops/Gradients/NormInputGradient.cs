using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>
/// What flows back through a norm, a <see cref="LayerNorm"/> or <see cref="RmsNorm"/>. With x̂ the normed row and h = d(y) ∘ g:
/// d(x) = (h − mean(h) − x̂·mean(h ∘ x̂)) / σ for the layer norm, (h − x̂·mean(h ∘ x̂)) / σ for the root mean square, σ being what x was
/// divided by. Inputs: x, the stored gain, d(y).
/// </summary>
public sealed record NormInputGradient(ForwardOperation Norm) : GradientOperation
{
    public override string Word => "norm_input_gradient";

    public override string Detail => $"{Norm.Word}, {Norm.Detail}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(3);
        rule.Input(2, rule.Inputs[0]);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
