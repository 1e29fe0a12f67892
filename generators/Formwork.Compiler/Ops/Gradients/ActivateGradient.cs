using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>d(x) = f′(x) ∘ d(y). Inputs: x (or y, see <see cref="OfResult"/>), d(y).</summary>
public sealed record ActivateGradient(Activation Function) : GradientOperation
{
    /// <summary>
    /// Whether the derivative is made of y and not of x, so that x need not be kept: relu, 1 where y &gt; 0; tanh, 1 − y²; sigmoid, y·(1 − y).
    /// </summary>
    public bool OfResult => Function is Activation.Relu or Activation.Tanh or Activation.Sigmoid;

    public override string Word => "activate_gradient";

    public override string Detail => new Activate(Function).Word;

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, rule.Inputs[0]);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
