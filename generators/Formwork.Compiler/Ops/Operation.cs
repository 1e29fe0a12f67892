using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// One of the closed set of typed operations. Operations are values: two that compute the same thing are equal. They are of two kinds:
/// those that a model is made of, <see cref="ForwardOperation"/>, each of which has a derivative, and those that derivatives are made of,
/// <see cref="GradientOperation"/>, which have none.
/// </summary>
public abstract record Operation
{
    /// <summary>The word that printers and messages use.</summary>
    public abstract string Word { get; }

    /// <summary>The shape of the result, after checking the inputs'.</summary>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    public abstract Shape InferShape(ShapeRule rule);

    /// <summary>What distinguishes it from others with the same word, for printers; empty when nothing does.</summary>
    public virtual string Detail => "";
}
