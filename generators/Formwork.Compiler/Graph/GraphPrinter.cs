using System.Text;

namespace Formwork.Compiler.Graph;

/// <summary>A graph as text, one node a line: <c>%12 layers.0.attention.query = linear(%5, %10, %11) → [tokens, 768]</c>.</summary>
public static class GraphPrinter
{
    public static string Print(ModelGraph graph)
    {
        var text = new StringBuilder();
        text.Append($"graph {graph.Spec.Name}: {graph.Nodes.Count} nodes, {graph.ParameterCount} parameters\n");
        Append(text, graph.Nodes);
        return text.Append($"output %{graph.Output.Id}\n").ToString();
    }

    /// <summary>The same with the loss, the nodes of the backward pass, and which of them is the derivative by which parameter.</summary>
    public static string Print(TrainingGraph graph)
    {
        var text = new StringBuilder();
        text.Append($"training graph {graph.Forward.Spec.Name}: {graph.Nodes.Count} nodes, {graph.Backward.Count()} of them backward\n");
        Append(text, graph.Nodes);
        text.Append($"loss %{graph.Loss.Id}\n");
        foreach (KeyValuePair<Node, Node> gradient in graph.Gradients.OrderBy(entry => entry.Key.Id))
            text.Append($"derivative by {gradient.Key.Name} %{gradient.Value.Id}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<Node> nodes)
    {
        foreach (Node node in nodes)
        {
            string inputs = string.Join(", ", node.Inputs.Select(input => $"%{input.Id}"));
            string detail = node.Operation.Detail.Length == 0 ? "" : $" {{{node.Operation.Detail}}}";
            text.Append($"%{node.Id} {node.Name} = {node.Operation.Word}({inputs}){detail} → {node.Shape}\n");
        }
    }
}
