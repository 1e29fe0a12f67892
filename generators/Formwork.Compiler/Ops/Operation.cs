using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// One of the closed set of typed operations. Operations are values: two that compute the same thing are equal. Whatever must know
/// every operation (an interpreter, a differentiator) is an <see cref="IOperationVisitor{T}"/>, so that an operation which it forgets
/// does not compile.
/// </summary>
public abstract record Operation
{
    /// <summary>The word that printers and messages use.</summary>
    public abstract string Word { get; }

    /// <summary>The shape of the result, after checking the inputs'.</summary>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    public abstract Shape InferShape(ShapeRule rule);

    /// <summary>Calls the visitor's method for this operation.</summary>
    public abstract T Accept<T>(IOperationVisitor<T> visitor, Node node);

    /// <summary>What distinguishes it from others with the same word, for printers; empty when nothing does.</summary>
    public virtual string Detail => "";
}
