using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Graph;

/// <summary>A model as typed operations on shapes: what the learner's diagram shows. Nodes stand in an order in which they can be computed.</summary>
public sealed class ModelGraph(ModelSpec spec, IReadOnlyList<Node> nodes, IReadOnlyDictionary<GraphOutput, Node> outputs)
{
    /// <summary>A graph with one output, its logits.</summary>
    public ModelGraph(ModelSpec spec, IReadOnlyList<Node> nodes, Node logits)
        : this(spec, nodes, new Dictionary<GraphOutput, Node> { [GraphOutput.Logits] = logits })
    {
    }

    /// <summary>What the graph was built from.</summary>
    public ModelSpec Spec => spec;

    /// <summary>All nodes, inputs before their users.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>What the model can be asked for.</summary>
    public IReadOnlyDictionary<GraphOutput, Node> Outputs => outputs;

    /// <summary>The logits; the hidden states of a model without.</summary>
    public Node Output => outputs.TryGetValue(GraphOutput.Logits, out Node? logits) ? logits : outputs[GraphOutput.HiddenStates];

    /// <summary>The residual stream after the last layer and norm, which outputs are made of.</summary>
    public Node States { get; init; } = outputs.Values.FirstOrDefault()!;

    /// <summary>The nodes that are parameters.</summary>
    public IEnumerable<Node> Parameters => nodes.Where(node => node.Operation is Parameter);

    /// <summary>Number of learned numbers.</summary>
    public long ParameterCount => Parameters.Sum(node => node.Shape.Elements);
}
