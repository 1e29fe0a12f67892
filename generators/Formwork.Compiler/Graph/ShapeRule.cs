using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Graph;

/// <summary>The input shapes of a node, and the checks that an operation's shape rule is made of.</summary>
public sealed class ShapeRule(string node, Operation operation, IReadOnlyList<Shape> inputs)
{
    /// <summary>The input shapes.</summary>
    public IReadOnlyList<Shape> Inputs => inputs;

    /// <summary>Requires this many inputs.</summary>
    public void Count(int expected) => Require(inputs.Count == expected, $"{expected} inputs", $"{inputs.Count}");

    /// <summary>Requires the shape of an input.</summary>
    public void Input(int index, Shape expected) =>
        Require(inputs[index] == expected, $"input {index} of shape {expected}", $"{inputs[index]}");

    /// <summary>Requires anything else.</summary>
    public void Require(bool holds, string expected, string found)
    {
        if (!holds)
            throw new ShapeException($"{node}: {operation.Word}: expected {expected}, found {found}");
    }
}

/// <summary>A graph that breaks an operation's shape rule: a fault of the compiler, not of the user.</summary>
public sealed class ShapeException(string message) : Exception(message);
