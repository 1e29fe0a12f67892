using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Graph;

/// <summary>The nodes of a graph that is being built, and what the parts of a transformer are built of.</summary>
/// <param name="training">What learning needs; null in a graph for inference.</param>
internal sealed class GraphNodes(TrainingSpec? training = null)
{
    private readonly List<Node> _nodes = [];
    private int _sites;

    /// <summary>All nodes so far.</summary>
    public IReadOnlyList<Node> All => _nodes;

    public Node Add(string name, Operation operation, params Node[] inputs)
    {
        var node = new Node(_nodes.Count, name, operation, inputs);
        _nodes.Add(node);
        return node;
    }

    /// <summary>What learning needs; null in a graph for inference.</summary>
    public TrainingSpec? Training => training;

    /// <summary>The number of the next dropout.</summary>
    public int NextSite() => ++_sites;

    /// <summary>x, or while training what dropout leaves of it.</summary>
    public Node Dropped(string name, Node x, double? rate) => rate is > 0 and var share ? Add(name, new Dropout(share, NextSite()), x) : x;

    public Node Parameter(string name, params Dimension[] dimensions) => Add(name, new Parameter(Shape.Of(dimensions)));

    /// <summary>x·Wᵀ, perhaps with a bias.</summary>
    public Node Linear(string path, Node x, int outputs, bool bias)
    {
        Node weight = Parameter($"{path}.weight", outputs, x.Shape.Width);
        return bias ? Add(path, new Linear(), x, weight, Parameter($"{path}.bias", outputs)) : Add(path, new Linear(), x, weight);
    }

    /// <summary>A norm of rows, or of each of the heads that a row consists of.</summary>
    public Node Norm(string path, NormSpec spec, Node x, int heads = 1)
    {
        if (spec.Kind == NormKind.None)
            return x;
        int width = x.Shape.Width / heads;
        Node gain = Parameter($"{path}.weight", width);
        if (spec.Kind == NormKind.Rms)
            return Add(path, new RmsNorm(spec.Epsilon, spec.UnitOffset) { Heads = heads }, x, gain);
        var norm = new LayerNorm(spec.Epsilon, spec.UnitOffset) { Heads = heads };
        return spec.Bias ? Add(path, norm, x, gain, Parameter($"{path}.bias", width)) : Add(path, norm, x, gain);
    }

    /// <summary>factor · x, or x itself.</summary>
    public Node Scaled(string name, Node x, double factor) => factor == 1 ? x : Add(name, new Scale(factor), x);
}
