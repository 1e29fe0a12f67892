using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Graph;

/// <summary>Builds the feed-forward part of a layer.</summary>
/// <param name="nodes">Where the nodes go.</param>
/// <param name="path">The part's path.</param>
/// <param name="spec">The part.</param>
/// <param name="width">Width of the residual stream.</param>
internal sealed class FeedForwardBuilder(GraphNodes nodes, string path, FeedForwardSpec spec, int width)
{
    public Node Build(Node x)
    {
        if (spec.Experts is not { } experts)
            return Plain(path, x, spec.Width, biases: true);
        Node mixed = Mix(x, Route(x, experts));
        if (experts.SharedWidth is not { } sharedWidth)
            return mixed;
        Node shared = Plain($"{path}.shared", x, sharedWidth, biases: false);
        if (experts.SharedGate)
        {
            Node gate = nodes.Add($"{path}.shared_gate.activated", new Activate(Activation.Sigmoid), nodes.Linear($"{path}.shared_gate", x, 1, bias: false));
            shared = nodes.Add($"{path}.shared.gated", new ScaleRows(), shared, gate);
        }
        return nodes.Add($"{path}.mixed", new Add(), mixed, shared);
    }

    private Node Plain(string at, Node x, int hiddenWidth, bool biases)
    {
        Node hidden;
        if (spec.Gated)
        {
            Node gate = nodes.Linear($"{at}.gate", x, hiddenWidth, biases && spec.GateBias);
            if (spec.Clamp is { } highest)
                gate = nodes.Add($"{at}.gate.clamped", new Clamp(null, highest), gate);
            gate = nodes.Add($"{at}.gate.activated", new Activate(spec.Activation), gate);
            Node up = nodes.Linear($"{at}.up", x, hiddenWidth, biases && spec.UpBias);
            if (spec.Clamp is { } bound)
                up = nodes.Add($"{at}.up.clamped", new Clamp(-bound, bound), up);
            if (spec.UpOffset != 0)
                up = nodes.Add($"{at}.up.shifted", new Shift(spec.UpOffset), up);
            hidden = nodes.Add($"{at}.hidden", new Multiply(), gate, up);
        }
        else
        {
            hidden = nodes.Add($"{at}.hidden", new Activate(spec.Activation), nodes.Linear($"{at}.up", x, hiddenWidth, biases && spec.UpBias));
        }
        hidden = nodes.Dropped($"{at}.hidden.dropped", hidden, nodes.Training?.ActivationDropout);
        return nodes.Linear($"{at}.down", hidden, width, biases && spec.DownBias);
    }

    private Node Route(Node x, ExpertsSpec experts)
    {
        Node logits = nodes.Linear($"{path}.router", x, experts.Count, experts.RouterBias);
        return experts.SelectionBias
            ? nodes.Add($"{path}.routes", new Route(experts), logits, nodes.Parameter($"{path}.router.selection_bias", experts.Count))
            : nodes.Add($"{path}.routes", new Route(experts), logits);
    }

    private Node Mix(Node x, Node routes)
    {
        int count = spec.Experts!.Count;
        var inputs = new List<Node> { x, routes };
        if (spec.Gated)
            inputs.Add(Weight("gate", spec.Width, width));
        inputs.Add(Weight("up", spec.Width, width));
        inputs.Add(Weight("down", width, spec.Width));
        AddBias("gate", spec.GateBias, spec.Width);
        AddBias("up", spec.UpBias, spec.Width);
        AddBias("down", spec.DownBias, width);
        return nodes.Add($"{path}.experts", new MixExperts(spec), inputs.ToArray());

        Node Weight(string projection, int outputs, int columns) => nodes.Parameter($"{path}.experts.{projection}.weight", count, outputs, columns);

        void AddBias(string projection, bool wanted, int outputs)
        {
            if (wanted)
                inputs.Add(nodes.Parameter($"{path}.experts.{projection}.bias", count, outputs));
        }
    }
}
