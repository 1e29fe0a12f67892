using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning;

/// <summary>Who uses a node's value: what decides whether an operation may disappear into the kernel of its only user.</summary>
internal sealed class Fusion
{
    private readonly Dictionary<int, List<Node>> _users = [];

    public Fusion(ModelGraph graph)
    {
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

    /// <summary>Whether the node is such an operation and its value has one user, so that it can be part of that user's kernel.</summary>
    public bool Is<T>(Node node) => node.Operation is T && Users(node).Count == 1;

    /// <summary>The linear under a rotary, or the node itself.</summary>
    public static Node UnderRotary(Node node) => node.Operation is Rotary ? node.Inputs[0] : node;
}
