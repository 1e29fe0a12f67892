using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;

namespace Formwork.Compiler.Graph;

/// <summary>
/// Forward graph → graph with derivatives, in reverse mode (Linnainmaa 1970; Griewank and Walther 2008, chapter 3): from the loss backwards,
/// each operation's rule says what flows back to its inputs; what flows back to a value from several readers is summed.
/// </summary>
public sealed class Differentiator
{
    private readonly ModelGraph _forward;
    private readonly List<Node> _nodes;
    private readonly HashSet<Node> _learned = [];
    private readonly Dictionary<Node, List<Node>> _flowing = [];

    private Differentiator(ModelGraph forward)
    {
        _forward = forward;
        _nodes = [.. forward.Nodes];
    }

    /// <summary>Adds the loss and the derivatives by every parameter.</summary>
    /// <param name="forward">A graph from <see cref="GraphBuilder.BuildForTraining"/>; with logits or labels.</param>
    /// <exception cref="ArgumentException">There is no output that a loss could be of.</exception>
    public static TrainingGraph Differentiate(ModelGraph forward) => new Differentiator(forward).Run();

    private TrainingGraph Run()
    {
        if (!_forward.Outputs.TryGetValue(GraphOutput.Logits, out Node? logits) && !_forward.Outputs.TryGetValue(GraphOutput.Labels, out logits))
            throw new ArgumentException($"{_forward.Spec.Name} has neither logits nor labels to learn from");
        MarkLearned();
        Node targets = Add("targets", new TargetIds(logits.Shape.Dimensions[0]));
        Node loss = Add("loss", new CrossEntropy(), logits, targets);
        Flow(logits, Add("logits.gradient", new CrossEntropyGradient(), logits, targets));
        var rules = new GradientRules(Add);
        var gradients = new Dictionary<Node, Node>();
        for (int id = _forward.Nodes.Count - 1; id >= 0; id--)
        {
            Node node = _forward.Nodes[id];
            if (!_flowing.TryGetValue(node, out List<Node>? flows))
                continue;
            Node gradient = flows.Count == 1 ? flows[0] : Add($"{node.Name}.gradient", new Sum(), [.. flows]);
            if (node.Operation is Parameter)
            {
                gradients.Add(node, gradient);
                continue;
            }
            foreach ((int input, Func<Node> flow) in rules.Of(node, gradient))
            {
                if (_learned.Contains(node.Inputs[input]))
                    Flow(node.Inputs[input], flow());
            }
        }
        return new TrainingGraph(_forward, _nodes, logits, loss, gradients);
    }

    /// <summary>Values that follow from a parameter: what flows back to others nobody asks for.</summary>
    private void MarkLearned()
    {
        foreach (Node node in _forward.Nodes)
        {
            if (node.Operation is Parameter || node.Inputs.Any(_learned.Contains))
                _learned.Add(node);
        }
    }

    private void Flow(Node node, Node gradient)
    {
        if (!_flowing.TryGetValue(node, out List<Node>? flows))
            _flowing.Add(node, flows = []);
        flows.Add(gradient);
    }

    private Node Add(string name, Operation operation, params Node[] inputs)
    {
        var node = new Node(_nodes.Count, name, operation, inputs);
        _nodes.Add(node);
        return node;
    }
}
