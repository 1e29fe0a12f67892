using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.TestSupport.Specs;

namespace Formwork.TestSupport.Interpreter;

/// <summary>A graph written by hand, for asking about one operation.</summary>
/// <param name="tokens">How many tokens a pass over it has.</param>
public sealed class GraphSketch(int tokens)
{
    private readonly List<Node> _nodes = [];
    private Node? _ids, _positions;

    /// <summary>The ids 0, 1, 2 …: what a pass must be given so that <see cref="Rows"/> are the rows of their tables.</summary>
    public int[] Tokens { get; } = Enumerable.Range(0, tokens).ToArray();

    /// <summary>The ids.</summary>
    public Node Ids => _ids ??= Add("tokens", new TokenIds());

    /// <summary>The positions.</summary>
    public Node Positions => _positions ??= Add("positions", new PositionIds());

    /// <summary>A free value <c>[tokens, width]</c>: the embedding of the ids 0, 1, 2 … in a table of this name.</summary>
    public Node Rows(string name, int width) => Add(name + ".rows", new Embedding(), Ids, Learned(name, tokens, width));

    /// <summary>A parameter.</summary>
    public Node Learned(string name, params Dimension[] dimensions) => Add(name, new Parameter(Shape.Of(dimensions)));

    /// <summary>An operation on earlier nodes.</summary>
    public Node Add(string name, Operation operation, params Node[] inputs)
    {
        var node = new Node(_nodes.Count, name, operation, inputs);
        _nodes.Add(node);
        return node;
    }

    /// <summary>The graph so far.</summary>
    public ModelGraph Graph(Node output) => new(SmallSpecs.Gpt2(), _nodes, output);
}
