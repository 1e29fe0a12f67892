using Formwork.Compiler.Graph;

namespace Formwork.TestSupport.Interpreter;

/// <summary>The values of all nodes of one pass, row-major <c>[tokens, width]</c>.</summary>
public sealed class NodeValues(ModelGraph graph, IReadOnlyDictionary<Node, double[]> values)
{
    /// <summary>A node's values.</summary>
    public double[] this[Node node] => values[node];

    /// <summary>The values of the node of this name.</summary>
    public double[] this[string name] => values.Single(entry => entry.Key.Name == name).Value;

    /// <summary>An output's values.</summary>
    public double[] this[GraphOutput output] => values[graph.Outputs[output]];

    /// <summary>All logits, <c>[tokens, vocabulary]</c>.</summary>
    public double[] Logits => values[graph.Output];

    /// <summary>The logits that follow one token, <c>[vocabulary]</c>.</summary>
    public ReadOnlySpan<double> LogitsAfter(int token)
    {
        int vocabulary = graph.Output.Shape.Width;
        return Logits.AsSpan(token * vocabulary, vocabulary);
    }
}
