using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Graph;

/// <summary>What makes a graph legal, as rules. A broken rule is a fault of the compiler; the text says node, operation, expected, found.</summary>
public static class GraphVerifier
{
    /// <summary>The broken rules, one line each; empty for a legal graph.</summary>
    public static IReadOnlyList<string> Verify(ModelGraph graph)
    {
        var faults = new List<string>();
        var names = new HashSet<string>();
        var used = new HashSet<int>(graph.Nodes.SelectMany(node => node.Inputs).Concat(graph.Outputs.Values).Select(read => read.Id));
        for (int index = 0; index < graph.Nodes.Count; index++)
        {
            Node node = graph.Nodes[index];
            string at = $"{node.Name}: {node.Operation.Word}";
            if (node.Id != index)
                faults.Add($"{at}: expected id {index}, found {node.Id}");
            if (!names.Add(node.Name))
                faults.Add($"{at}: expected a name of its own, found it twice");
            faults.AddRange(node.Inputs.Where(input => input.Id >= index || graph.Nodes[input.Id] != input)
                .Select(input => $"{at}: expected inputs that stand before it, found {input.Name}"));
            if (!used.Contains(index) && node.Operation is not (TokenIds or PositionIds or TokenTypeIds))
                faults.Add($"{at}: expected a use, found none");
            faults.AddRange(ShapeFaults(node));
        }
        return faults;
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
