using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;

namespace Formwork.Compiler.Graph;

/// <summary>
/// Each operation's derivative, as graph: which inputs something flows back to, and what. An operation without a rule does not compile;
/// those that have no derivative give none.
/// </summary>
/// <param name="add">Adds a node.</param>
internal sealed class GradientRules(GradientRules.Adder add) : IOperationVisitor<IEnumerable<(int Input, Func<Node> Gradient)>>
{
    /// <summary>Adds a node of a name, an operation and inputs.</summary>
    public delegate Node Adder(string name, Operation operation, params Node[] inputs);

    private Node _gradient = null!;

    /// <summary>What flows back to the inputs of a node, given the derivative of the loss by it; made when asked for.</summary>
    public IEnumerable<(int Input, Func<Node> Gradient)> Of(Node node, Node gradient)
    {
        _gradient = gradient;
        return ((ForwardOperation)node.Operation).Accept(this, node).ToArray();
    }

    /// <summary>Nothing flows back.</summary>
    private static IEnumerable<(int, Func<Node>)> Nothing => [];

    /// <summary>One flow, by an operation.</summary>
    private (int, Func<Node>) Flow(Node node, int input, string role, Operation operation, params Node[] inputs) =>
        (input, () => add($"{node.Name}.{role}_gradient", operation, inputs));

    /// <summary>d(y) itself.</summary>
    private (int, Func<Node>) Same(int input)
    {
        Node gradient = _gradient;
        return (input, () => gradient);
    }

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(TokenIds operation, Node node) => Nothing;

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(PositionIds operation, Node node) => Nothing;

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(TokenTypeIds operation, Node node) => Nothing;

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(InputVectors operation, Node node) => Nothing;

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(TargetIds operation, Node node) => Nothing;

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Parameter operation, Node node) => Nothing;

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(SinusoidalPositions operation, Node node) => Nothing;

    /// <summary>The loss itself is where differentiation begins.</summary>
    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(CrossEntropy operation, Node node) =>
        [Flow(node, 0, "logits", new CrossEntropyGradient(), node.Inputs[0], node.Inputs[1])];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Embedding operation, Node node) =>
        [Flow(node, 1, "table", new EmbeddingGradient(node.Inputs[1].Shape.Dimensions[0].Size), node.Inputs[0], _gradient)];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Linear operation, Node node)
    {
        yield return Flow(node, 0, "input", new LinearInputGradient(), _gradient, node.Inputs[1]);
        yield return Flow(node, 1, "weight", new LinearWeightGradient(), _gradient, node.Inputs[0]);
        if (node.Inputs.Count == 3)
            yield return Flow(node, 2, "bias", new ColumnSums(1), _gradient);
    }

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(LayerNorm operation, Node node) => Norm(operation, operation.Heads, node);

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(RmsNorm operation, Node node) => Norm(operation, operation.Heads, node);

    private IEnumerable<(int, Func<Node>)> Norm(ForwardOperation norm, int heads, Node node)
    {
        yield return Flow(node, 0, "input", new NormInputGradient(norm), node.Inputs[0], node.Inputs[1], _gradient);
        yield return Flow(node, 1, "gain", new NormGainGradient(norm), node.Inputs[0], _gradient);
        if (node.Inputs.Count == 3)
            yield return Flow(node, 2, "bias", new ColumnSums(heads), _gradient);
    }

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Rotary operation, Node node) =>
        [Flow(node, 0, "input", new RotaryGradient(operation), _gradient, node.Inputs[1])];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Attention operation, Node node) => Enumerable.Range(0, node.Inputs.Count)
        .Select(input => new AttentionGradient(operation, input))
        .Select(gradient => Flow(node, gradient.Input, gradient.Of, gradient, [.. node.Inputs, node, _gradient]));

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Activate operation, Node node)
    {
        var gradient = new ActivateGradient(operation.Function);
        return [Flow(node, 0, "input", gradient, gradient.OfResult ? node : node.Inputs[0], _gradient)];
    }

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Add operation, Node node) => [Same(0), Same(1)];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Multiply operation, Node node) =>
    [
        Flow(node, 0, "first", new Multiply(), _gradient, node.Inputs[1]),
        Flow(node, 1, "second", new Multiply(), _gradient, node.Inputs[0]),
    ];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Scale operation, Node node) => [Flow(node, 0, "input", operation, _gradient)];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Shift operation, Node node) => [Same(0)];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Clamp operation, Node node) =>
        [Flow(node, 0, "input", new ClampGradient(operation), node.Inputs[0], _gradient)];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Cap operation, Node node) =>
        [Flow(node, 0, "input", new CapGradient(operation.Limit), node, _gradient)];

    /// <summary>The same numbers are dropped, and the others as much larger.</summary>
    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Dropout operation, Node node) => [Flow(node, 0, "input", operation, _gradient)];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(ScaleRows operation, Node node) =>
    [
        Flow(node, 0, "input", new ScaleRows(), _gradient, node.Inputs[1]),
        Flow(node, 1, "factor", new RowDots(), node.Inputs[0], _gradient),
    ];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Slice operation, Node node) =>
        [Flow(node, 0, "input", new SliceGradient(operation, node.Inputs[0].Shape.Width), _gradient)];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(JoinHeads operation, Node node)
    {
        int own = node.Inputs[0].Shape.Width / operation.Heads;
        yield return Flow(node, 0, "own", new Slice(operation.Heads, 0, own), _gradient);
        yield return Flow(node, 1, "common", new HeadSums(operation.Heads, own, node.Inputs[1].Shape.Width), _gradient);
    }

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(FirstToken operation, Node node) => [Flow(node, 0, "rows", new ScatterRows(FirstTokens: true), _gradient)];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(WantedRows operation, Node node) => [Flow(node, 0, "rows", new ScatterRows(FirstTokens: false), _gradient)];

    /// <summary>The selection bias decides who is chosen and nothing else, so nothing flows back to it.</summary>
    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(Route operation, Node node) =>
        [Flow(node, 0, "logits", new RouteGradient(operation), node.Inputs[0], node, _gradient)];

    public IEnumerable<(int Input, Func<Node> Gradient)> Visit(MixExperts operation, Node node) => Enumerable.Range(0, node.Inputs.Count)
        .Select(input => Flow(node, input, input == 0 ? "input" : input == 1 ? "routes" : Role(node.Inputs[input]), new MixExpertsGradient(operation, input), [.. node.Inputs, _gradient]));

    /// <summary>Of <c>layers.0.feed_forward.experts.gate.weight</c> <c>gate_weight</c>.</summary>
    private static string Role(Node parameter)
    {
        string[] parts = parameter.Name.Split('.');
        return $"{parts[parts.Length - 2]}_{parts[parts.Length - 1]}";
    }
}
