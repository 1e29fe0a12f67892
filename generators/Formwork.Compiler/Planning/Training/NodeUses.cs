using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;

namespace Formwork.Compiler.Planning.Training;

/// <summary>Who reads what: which nodes vanish into their readers, and when a value has been read for the last time.</summary>
internal sealed class NodeUses
{
    private const int MostInlined = 8;

    private readonly Dictionary<Node, List<Node>> _users = [];
    private readonly Dictionary<Node, int> _inlined = [];
    private readonly Dictionary<Node, int> _remaining = [];

    public NodeUses(TrainingGraph graph)
    {
        foreach (Node node in graph.Nodes)
        {
            foreach (Node input in node.Inputs)
            {
                if (!_users.TryGetValue(input, out List<Node>? users))
                    _users.Add(input, users = []);
                users.Add(node);
            }
        }
        foreach (Node node in graph.Nodes)
        {
            if (CanInline(node) && node != graph.Logits)
                _inlined.Add(node, 1 + node.Inputs.Sum(input => _inlined.TryGetValue(input, out int size) ? size : 0));
        }
        foreach (Node node in graph.Nodes.Where(node => !IsInlined(node)))
        {
            foreach (Node read in Read(node))
                _remaining[read] = (_remaining.TryGetValue(read, out int count) ? count : 0) + 1;
        }
    }

    /// <summary>The readers of a value, in order.</summary>
    public IReadOnlyList<Node> Users(Node node) => _users.TryGetValue(node, out List<Node>? users) ? users : [];

    /// <summary>Whether it is computed by its readers, as a part of their formulas.</summary>
    public bool IsInlined(Node node) => _inlined.ContainsKey(node);

    /// <summary>Whether it is added to the sum that alone reads it, when that is planned.</summary>
    public bool IsDeferred(Node node) => node.Operation is LinearInputGradient or NormInputGradient && Users(node) is [{ Operation: Sum }];

    /// <summary>The values that a node's kernel reads: its inputs, or what those are computed of where they vanish into it.</summary>
    public IEnumerable<Node> Read(Node node) => node.Inputs.SelectMany(input => IsInlined(input) ? Read(input) : [input]);

    /// <summary>The node has read its inputs.</summary>
    public void Consume(Node node)
    {
        foreach (Node read in Read(node))
            _remaining[read]--;
    }

    /// <summary>How many readings of a value are to come.</summary>
    public int Remaining(Node node) => _remaining.TryGetValue(node, out int count) ? count : 0;

    /// <summary>Whether an operation computes number by number.</summary>
    public static bool IsPointwise(Node node) => node.Shape.Rank == 2 && !node.Shape.Dimensions[0].IsLiteral && !IsEmbedding(node)
        && node.Operation is Activate or Add or Multiply or Scale or Shift or Clamp or Cap or Dropout or ActivateGradient or ClampGradient or CapGradient or Sum;

    /// <summary>Whether a value follows from ids, positions and tables alone.</summary>
    public static bool IsEmbedding(Node node) => node.Operation switch
    {
        Embedding or SinusoidalPositions or InputVectors => true,
        Scale => IsEmbedding(node.Inputs[0]),
        Add => node.Inputs.All(IsEmbedding),
        _ => false,
    };

    /// <summary>Whether it is the factor of what flows back to tables.</summary>
    private bool IsFactor(Node node) => node.Operation is Scale && Users(node) is { Count: > 0 } users && users.All(user => user.Operation is EmbeddingGradient);

    // One number in, one number out is computed again wherever it is read, rather than kept; others only where one reads them.
    private bool CanInline(Node node)
    {
        IReadOnlyList<Node> users = Users(node);
        if (IsFactor(node))
            return true;
        if (!IsPointwise(node) || node.Operation is Sum || users.Count == 0 || !users.All(user => IsPointwise(user) && !IsFactor(user)))
            return false;
        if (node.Inputs.Sum(input => _inlined.TryGetValue(input, out int size) ? size : 0) >= MostInlined)
            return false;
        return users.Count == 1 || node.Operation is Activate or Shift or Clamp or Scale;
    }
}
