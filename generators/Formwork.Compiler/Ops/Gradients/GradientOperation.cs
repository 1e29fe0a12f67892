using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>
/// An operation that derivatives are made of. In the formulas, d(v) is the derivative of the loss by v; y the result of the operation that
/// is differentiated.
/// </summary>
public abstract record GradientOperation : Operation
{
    /// <summary>Calls the visitor's method for this operation.</summary>
    public abstract T Accept<T>(IGradientVisitor<T> visitor, Node node);
}
