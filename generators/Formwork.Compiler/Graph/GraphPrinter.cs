using System.Text;

namespace Formwork.Compiler.Graph;

/// <summary>A graph as text, one node a line: <c>%12 layers.0.attention.query = linear(%5, %10, %11) → [tokens, 768]</c>.</summary>
public static class GraphPrinter
{
    public static string Print(ModelGraph graph)
    {
        var text = new StringBuilder();
        text.Append($"graph {graph.Spec.Name}: {graph.Nodes.Count} nodes, {graph.ParameterCount} parameters\n");
        foreach (Node node in graph.Nodes)
        {
            string inputs = string.Join(", ", node.Inputs.Select(input => $"%{input.Id}"));
            string detail = node.Operation.Detail.Length == 0 ? "" : $" {{{node.Operation.Detail}}}";
            text.Append($"%{node.Id} {node.Name} = {node.Operation.Word}({inputs}){detail} → {node.Shape}\n");
        }
        return text.Append($"output %{graph.Output.Id}\n").ToString();
    }
}
