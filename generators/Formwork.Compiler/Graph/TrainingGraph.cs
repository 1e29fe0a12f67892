namespace Formwork.Compiler.Graph;

/// <summary>
/// A model with its loss and its derivatives: the forward nodes, then those of the backward pass. Nodes stand in an order in which they can be
/// computed.
/// </summary>
/// <param name="Forward">The forward graph that was differentiated.</param>
/// <param name="Nodes">All nodes, inputs before their users.</param>
/// <param name="Logits">What the loss is of.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Gradients">For each parameter the node with the derivative of the loss by it.</param>
public sealed record TrainingGraph(ModelGraph Forward, IReadOnlyList<Node> Nodes, Node Logits, Node Loss, IReadOnlyDictionary<Node, Node> Gradients)
{
    /// <summary>The nodes of the backward pass.</summary>
    public IEnumerable<Node> Backward => Nodes.Skip(Loss.Id + 1);
}
