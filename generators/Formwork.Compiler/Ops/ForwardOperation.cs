using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// An operation that a model is made of. Whatever must know every one (an interpreter, the differentiator) is an
/// <see cref="IOperationVisitor{T}"/>, so that an operation which it forgets does not compile.
/// </summary>
public abstract record ForwardOperation : Operation
{
    /// <summary>Calls the visitor's method for this operation.</summary>
    public abstract T Accept<T>(IOperationVisitor<T> visitor, Node node);
}
