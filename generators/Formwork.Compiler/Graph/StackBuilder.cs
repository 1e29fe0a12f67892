using System.Globalization;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Graph;

/// <summary>Builds one stack: embedding, layers, final norm.</summary>
/// <param name="nodes">Where the nodes go.</param>
/// <param name="spec">The model.</param>
/// <param name="stack">The stack.</param>
/// <param name="rows">How many tokens it has.</param>
internal sealed class StackBuilder(GraphNodes nodes, ModelSpec spec, StackSpec stack, Dimension rows)
{
    private readonly string _path = spec.Path(stack);
    private readonly PositionNodes _positions = new(nodes, stack, spec.Path(stack), rows);

    /// <summary>The token embedding's table; null when the stack takes vectors.</summary>
    public Node? Table { get; private set; }

    /// <summary>The residual stream after the last layer and norm.</summary>
    /// <param name="table">The table that another stack shares with this one; null for one of its own.</param>
    /// <param name="memory">A source's states, which the layers attend to; null for none.</param>
    public Node Build(Node? table, Node? memory)
    {
        Node residual = Embed(table);
        for (int layer = 0; layer < stack.Layers.Count; layer++)
        {
            string path = $"{_path}layers.{layer.ToString(CultureInfo.InvariantCulture)}";
            residual = Layer(path, stack.Layers[layer], residual, memory);
        }
        return stack.FinalNorm is { } norm ? nodes.Norm($"{_path}final_norm", norm, residual) : residual;
    }

    private Node Embed(Node? table)
    {
        Node embedded;
        if (stack.TakesVectors)
            embedded = nodes.Add($"{_path}vectors", new InputVectors(spec.Width) { Rows = rows });
        else
        {
            Node ids = nodes.Add($"{_path}tokens", new TokenIds { Rows = rows });
            // Positions stand beside the tokens that they belong to, whatever reads them first.
            _ = _positions.Ids;
            int vocabulary = ReferenceEquals(stack, spec.Encoder) ? spec.SourceVocabulary ?? spec.Vocabulary : spec.Vocabulary;
            Table = table ?? nodes.Parameter($"{_path}embedding.token", vocabulary, spec.Width);
            embedded = nodes.Add($"{_path}embedding", new Embedding(), ids, Table);
            embedded = nodes.Scaled($"{_path}embedding.scaled", embedded, spec.Embedding.Scale);
        }
        if (spec.Embedding.TokenTypes > 0)
        {
            Node types = nodes.Add($"{_path}token_types", new TokenTypeIds { Rows = rows });
            Node vectors = nodes.Parameter($"{_path}embedding.token_type", spec.Embedding.TokenTypes, spec.Width);
            embedded = nodes.Add($"{_path}embedding.typed", new Add(), embedded, nodes.Add($"{_path}embedding.types", new Embedding(), types, vectors));
        }
        if (_positions.Added(spec.Width) is { } positions)
            embedded = nodes.Add($"{_path}residual_stream", new Add(), embedded, positions);
        if (stack.EmbeddingNorm is { } norm)
            embedded = nodes.Norm($"{_path}embedding.norm", norm, embedded);
        return nodes.Dropped($"{_path}embedding.dropped", embedded, nodes.Training?.EmbeddingDropout);
    }

    private Node Layer(string path, LayerSpec layer, Node residual, Node? memory)
    {
        if (layer.Parts != PartsArrangement.Sequential)
            return ParallelLayer(path, layer, residual);
        residual = Part($"{path}.attention", layer, layer.Attention.Norm, residual, x => SelfAttention(path, layer, x));
        if (layer.CrossAttention is { } cross && memory is not null)
        {
            string name = $"{path}.cross_attention";
            residual = Part(name, layer, cross.Norm, residual, x => new AttentionBuilder(nodes, name, cross, layer.Norm, spec.Width, _positions).Cross(x, memory));
        }
        return Part($"{path}.feed_forward", layer, layer.FeedForward.Norm, residual, x => FeedForward(path, layer, x));
    }

    /// <summary>Both parts read the residual stream as it was (Black et al. 2022, GPT-NeoX, section 2.1).</summary>
    private Node ParallelLayer(string path, LayerSpec layer, Node residual)
    {
        Node attended = nodes.Norm($"{path}.attention.norm", layer.Attention.Norm ?? layer.Norm, residual);
        Node fed = layer.Parts == PartsArrangement.ParallelSharedNorm
            ? attended
            : nodes.Norm($"{path}.feed_forward.norm", layer.FeedForward.Norm ?? layer.Norm, residual);
        Node sum = Sum($"{path}.attention", layer, residual, SelfAttention(path, layer, attended));
        return Sum($"{path}.feed_forward", layer, sum, FeedForward(path, layer, fed));
    }

    private Node SelfAttention(string path, LayerSpec layer, Node x)
    {
        var builder = new AttentionBuilder(nodes, $"{path}.attention", layer.Attention, layer.Norm, spec.Width, _positions);
        return builder.Self(x, causal: ReferenceEquals(stack, spec.Decoder));
    }

    private Node FeedForward(string path, LayerSpec layer, Node x) => new FeedForwardBuilder(nodes, $"{path}.feed_forward", layer.FeedForward, spec.Width).Build(x);

    /// <summary>A part of a layer, with its norms where the placement wants them, added to the residual stream.</summary>
    private Node Part(string path, LayerSpec layer, NormSpec? own, Node residual, Func<Node, Node> part)
    {
        NormPlacement placement = layer.Placement;
        NormSpec norm = own ?? layer.Norm;
        Node input = placement is NormPlacement.Pre or NormPlacement.Both ? nodes.Norm($"{path}.norm", norm, residual) : residual;
        Node output = part(input);
        if (placement is NormPlacement.Both or NormPlacement.Output)
            output = nodes.Norm($"{path}.output_norm", norm, output);
        Node sum = Sum(path, layer, residual, output);
        return placement is NormPlacement.Post ? nodes.Norm($"{path}.norm", norm, sum) : sum;
    }

    private Node Sum(string path, LayerSpec layer, Node residual, Node output) =>
        nodes.Add($"{path}.residual", new Add(), residual, nodes.Scaled($"{path}.scaled", nodes.Dropped($"{path}.dropped", output, nodes.Training?.ResidualDropout), layer.ResidualScale));
}
