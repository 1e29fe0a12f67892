using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>d(g) = Σₜ d(y) ∘ x̂, x̂ being the normed row; the heads of a row are summed too. Inputs: x, d(y).</summary>
public sealed record NormGainGradient(ForwardOperation Norm) : GradientOperation
{
    /// <summary>In how many slices the row is.</summary>
    public int Heads => Norm switch { LayerNorm layer => layer.Heads, RmsNorm rms => rms.Heads, _ => 1 };

    public override string Word => "norm_gain_gradient";

    public override string Detail => $"{Norm.Word}, {Norm.Detail}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, rule.Inputs[0]);
        return Shape.Of(rule.Inputs[0].Width / Heads);
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
