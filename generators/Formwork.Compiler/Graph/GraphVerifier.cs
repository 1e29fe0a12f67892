using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Graph;

/// <summary>What makes a graph legal, as rules. A broken rule is a fault of the compiler; the text says node, operation, expected, found.</summary>
public static class GraphVerifier
{
    /// <summary>The broken rules, one line each; empty for a legal graph.</summary>
    public static IReadOnlyList<string> Verify(ModelGraph graph) => Verify(graph.Nodes, graph.Outputs.Values);

    /// <summary>The same for a graph with derivatives, in which every parameter that the loss follows from has one, of its shape.</summary>
    public static IReadOnlyList<string> Verify(TrainingGraph graph)
    {
        IReadOnlyList<string> faults = Verify(graph.Nodes, graph.Gradients.Values.Append(graph.Loss));
        return [.. faults, .. graph.Forward.Parameters.SelectMany(parameter => GradientFaults(graph, parameter))];
    }

    private static IReadOnlyList<string> Verify(IReadOnlyList<Node> nodes, IEnumerable<Node> results)
    {
        var faults = new List<string>();
        var names = new HashSet<string>();
        var used = new HashSet<int>(nodes.SelectMany(node => node.Inputs).Concat(results).Select(read => read.Id));
        for (int index = 0; index < nodes.Count; index++)
        {
            Node node = nodes[index];
            string at = $"{node.Name}: {node.Operation.Word}";
            if (node.Id != index)
                faults.Add($"{at}: expected id {index}, found {node.Id}");
            if (!names.Add(node.Name))
                faults.Add($"{at}: expected a name of its own, found it twice");
            faults.AddRange(node.Inputs.Where(input => input.Id >= index || nodes[input.Id] != input)
                .Select(input => $"{at}: expected inputs that stand before it, found {input.Name}"));
            if (!used.Contains(index) && node.Operation is not (TokenIds or PositionIds or TokenTypeIds))
                faults.Add($"{at}: expected a use, found none");
            faults.AddRange(ShapeFaults(node));
        }
        return faults;
    }

    /// <summary>A bias that only decides which experts are chosen has no derivative.</summary>
    private static IEnumerable<string> GradientFaults(TrainingGraph graph, Node parameter)
    {
        string at = $"{parameter.Name}: {parameter.Operation.Word}";
        if (graph.Gradients.TryGetValue(parameter, out Node? gradient))
            return gradient.Shape == parameter.Shape ? [] : [$"{at}: expected a derivative {parameter.Shape}, found {gradient.Shape}"];
        return graph.Forward.Nodes.Where(node => node.Inputs.Contains(parameter)).All(node => node.Operation is Route) ? [] : [$"{at}: expected a derivative, found none"];
    }

    private static IEnumerable<string> ShapeFaults(Node node)
    {
        Shape inferred;
        try
        {
            inferred = node.Operation.InferShape(new ShapeRule(node.Name, node.Operation, node.Inputs.Select(input => input.Shape).ToArray()));
        }
        catch (ShapeException broken)
        {
            return [broken.Message];
        }
        return inferred == node.Shape ? [] : [$"{node.Name}: {node.Operation.Word}: expected {inferred}, found {node.Shape}"];
    }
}
