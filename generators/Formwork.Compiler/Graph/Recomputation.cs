using Formwork.Compiler.Ops;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Graph;

/// <summary>
/// Trades time for memory (Chen et al. 2016, "Training deep nets with sublinear memory cost"): of a layer only what later ones read is kept;
/// its inside is computed again when the backward pass comes to it. Dropout's masks follow from numbers, so they are the same again.
/// </summary>
public sealed class Recomputation
{
    private readonly TrainingGraph _graph;
    private readonly HashSet<Node> _kept = [];
    private readonly List<Node> _nodes;
    private readonly Dictionary<Node, Node> _moved = [];
    private readonly Dictionary<Node, Node> _again = [];

    private Recomputation(TrainingGraph graph)
    {
        _graph = graph;
        _nodes = [.. graph.Nodes.Take(graph.Loss.Id + 1)];
        foreach (Node node in graph.Forward.Nodes)
        {
            foreach (Node input in node.Inputs.Where(input => LayerOf(input) != LayerOf(node)))
                _kept.Add(input);
        }
    }

    /// <summary>The same graph with the inside of layers computed again.</summary>
    public static TrainingGraph OfLayers(TrainingGraph graph) => new Recomputation(graph).Run();

    /// <summary>Whether a node is computed again.</summary>
    public static bool IsAgain(Node node) => node.Name.EndsWith(Suffix, StringComparison.Ordinal);

    private const string Suffix = ".again";

    private TrainingGraph Run()
    {
        foreach (Node node in _graph.Backward)
        {
            Node[] inputs = node.Inputs.Select(input => _moved.TryGetValue(input, out Node? moved) ? moved : Again(input)).ToArray();
            _moved.Add(node, Add(node.Name, node.Operation, inputs));
        }
        return _graph with { Nodes = _nodes, Gradients = _graph.Gradients.ToDictionary(entry => entry.Key, entry => _moved[entry.Value]) };
    }

    private Node Again(Node node)
    {
        if (LayerOf(node) is null || _kept.Contains(node) || node.Operation is Parameter)
            return node;
        if (!_again.TryGetValue(node, out Node? again))
            _again.Add(node, again = Add(node.Name + Suffix, node.Operation, node.Inputs.Select(Again).ToArray()));
        return again;
    }

    private Node Add(string name, Operation operation, params Node[] inputs)
    {
        var node = new Node(_nodes.Count, name, operation, inputs);
        _nodes.Add(node);
        return node;
    }

    /// <summary>The layer that a node is in; null outside of layers.</summary>
    private static string? LayerOf(Node node)
    {
        _ = Names.WithoutLayer(node.Name, out int? layer);
        return layer is { } number ? $"{(node.Name.StartsWith("encoder.", StringComparison.Ordinal) ? "encoder" : "")}.{number}" : null;
    }
}
