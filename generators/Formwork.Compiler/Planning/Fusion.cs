using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning;

/// <summary>Who uses a node's value: what decides whether an operation may disappear into the kernel of its only user.</summary>
internal sealed class Fusion
{
    private readonly Dictionary<int, List<Node>> _users = [];
    private readonly HashSet<Node> _outputs;

    public Fusion(ModelGraph graph)
    {
        _outputs = [.. graph.Outputs.Values];
        foreach (Node node in graph.Nodes)
        {
            foreach (Node input in node.Inputs)
            {
                if (!_users.TryGetValue(input.Id, out List<Node>? users))
                    _users.Add(input.Id, users = []);
                users.Add(node);
            }
        }
    }

    /// <summary>The users of a value, in order.</summary>
    public IReadOnlyList<Node> Users(Node node) => _users.TryGetValue(node.Id, out List<Node>? users) ? users : [];

    /// <summary>The only reader of a value, the model's outputs counted as readers; null when there are several or none.</summary>
    public Node? OnlyUser(Node node) => !_outputs.Contains(node) && Users(node) is [{ } user] ? user : null;
}
