using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Graph;

/// <summary>One value of the graph: an operation on the values of earlier nodes.</summary>
public sealed class Node
{
    internal Node(int id, string name, Operation operation, IReadOnlyList<Node> inputs)
    {
        Id = id;
        Name = name;
        Operation = operation;
        Inputs = inputs;
        Shape = operation.InferShape(new ShapeRule(name, operation, inputs.Select(input => input.Shape).ToArray()));
    }

    /// <summary>Its place in the order of computation.</summary>
    public int Id { get; }

    /// <summary>The spec path it comes from, <c>layers.3.attention.query</c>; unique in the graph.</summary>
    public string Name { get; }

    /// <summary>What is computed.</summary>
    public Operation Operation { get; }

    /// <summary>From what.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>The axes of the result.</summary>
    public Shape Shape { get; }

    public override string ToString() => Name;
}
