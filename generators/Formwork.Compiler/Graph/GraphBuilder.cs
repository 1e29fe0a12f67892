using System.Globalization;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Graph;

/// <summary>Spec → graph: the transformer written out, operation by operation, named by spec paths.</summary>
public sealed class GraphBuilder
{
    private readonly ModelSpec _spec;
    private readonly List<Node> _nodes = [];

    private GraphBuilder(ModelSpec spec) => _spec = spec;

    /// <summary>Builds the forward graph of a model with a decoder alone.</summary>
    public static ModelGraph Build(ModelSpec spec)
    {
        if (spec.Decoder is not { } decoder || spec.Encoder is not null)
            throw new NotSupportedException($"{spec.Architecture} graphs");
        return new GraphBuilder(spec).BuildDecoder(decoder);
    }

    private ModelGraph BuildDecoder(StackSpec stack)
    {
        Node tokens = Add("tokens", new TokenIds());
        Node positions = Add("positions", new PositionIds());
        Node table = Parameter("embedding.token", _spec.Vocabulary, _spec.Width);
        Node residual = EmbedPositions(stack, positions, EmbedTokens(tokens, table));

        for (int layer = 0; layer < stack.Layers.Count; layer++)
        {
            string path = "layers." + layer.ToString(CultureInfo.InvariantCulture);
            LayerSpec spec = stack.Layers[layer];
            residual = Part($"{path}.attention", spec, residual, x => Attention($"{path}.attention", spec.Attention, x, positions));
            residual = Part($"{path}.feed_forward", spec, residual, x => FeedForward($"{path}.feed_forward", spec.FeedForward, x));
        }

        if (stack.FinalNorm is { } finalNorm)
            residual = Norm("final_norm", finalNorm, residual);
        return new ModelGraph(_spec, _nodes, Unembed(residual, table));
    }

    private Node EmbedTokens(Node tokens, Node table)
    {
        Node embedded = Add("embedding", new Embedding(), tokens, table);
        return _spec.Embedding.Scale == 1 ? embedded : Add("embedding.scaled", new Scale(_spec.Embedding.Scale), embedded);
    }

    private Node EmbedPositions(StackSpec stack, Node positions, Node embedded)
    {
        switch (stack.Positions.Kind)
        {
            case PositionKind.Learned:
                Node table = Parameter("embedding.position", stack.Context, _spec.Width);
                return Add("residual_stream", new Add(), embedded, Add("embedding.positions", new Embedding(), positions, table));
            case PositionKind.Sinusoidal:
                var sinusoidal = new SinusoidalPositions(_spec.Width, stack.Positions.Base, stack.Positions.Arrangement);
                return Add("residual_stream", new Add(), embedded, Add("embedding.positions", sinusoidal, positions));
            default:
                return embedded;
        }
    }

    /// <summary>A part of a layer, with its norms where the placement wants them, added to the residual stream.</summary>
    private Node Part(string path, LayerSpec layer, Node residual, Func<Node, Node> part)
    {
        NormPlacement placement = layer.Placement;
        Node input = placement is NormPlacement.Pre or NormPlacement.Both ? Norm($"{path}.norm", layer.Norm, residual) : residual;
        Node output = part(input);
        if (placement is NormPlacement.Both or NormPlacement.Output)
            output = Norm($"{path}.output_norm", layer.Norm, output);
        Node sum = Add($"{path}.residual", new Add(), residual, output);
        return placement is NormPlacement.Post ? Norm($"{path}.norm", layer.Norm, sum) : sum;
    }

    private Node Attention(string path, AttentionSpec spec, Node x, Node positions)
    {
        int queryWidth = spec.Heads * spec.HeadWidth, keyValueWidth = spec.KeyValueHeads * spec.HeadWidth;
        Node query = Linear($"{path}.query", x, queryWidth, spec.QueryBias);
        Node key = Linear($"{path}.key", x, keyValueWidth, spec.KeyBias);
        Node value = Linear($"{path}.value", x, keyValueWidth, spec.ValueBias);
        if (spec.Rotary is { } rotary)
        {
            query = Add($"{path}.query.rotated", new Rotary(spec.Heads, spec.HeadWidth, rotary), query, positions);
            key = Add($"{path}.key.rotated", new Rotary(spec.KeyValueHeads, spec.HeadWidth, rotary), key, positions);
        }
        var attention = new Attention(spec.Heads, spec.KeyValueHeads, spec.HeadWidth, spec.Scale, Causal: true);
        return Linear($"{path}.output", Add($"{path}.attended", attention, query, key, value), _spec.Width, spec.OutputBias);
    }

    private Node FeedForward(string path, FeedForwardSpec spec, Node x)
    {
        Node hidden;
        if (spec.Gated)
        {
            Node gate = Add($"{path}.gate.activated", new Activate(spec.Activation), Linear($"{path}.gate", x, spec.Width, spec.GateBias));
            hidden = Add($"{path}.hidden", new Multiply(), gate, Linear($"{path}.up", x, spec.Width, spec.UpBias));
        }
        else
        {
            hidden = Add($"{path}.hidden", new Activate(spec.Activation), Linear($"{path}.up", x, spec.Width, spec.UpBias));
        }
        return Linear($"{path}.down", hidden, _spec.Width, spec.DownBias);
    }

    private Node Unembed(Node residual, Node table)
    {
        Node weight = _spec.Unembedding.Tied ? table : Parameter("unembedding.weight", _spec.Vocabulary, _spec.Width);
        return _spec.Unembedding.Bias
            ? Add("logits", new Linear(), residual, weight, Parameter("unembedding.bias", _spec.Vocabulary))
            : Add("logits", new Linear(), residual, weight);
    }

    private Node Norm(string path, NormSpec spec, Node x)
    {
        Node gain = Parameter($"{path}.weight", x.Shape.Width);
        if (spec.Kind == NormKind.Rms)
            return Add(path, new RmsNorm(spec.Epsilon, spec.UnitOffset), x, gain);
        var norm = new LayerNorm(spec.Epsilon, spec.UnitOffset);
        return spec.Bias ? Add(path, norm, x, gain, Parameter($"{path}.bias", x.Shape.Width)) : Add(path, norm, x, gain);
    }

    private Node Linear(string path, Node x, int outputs, bool bias)
    {
        Node weight = Parameter($"{path}.weight", outputs, x.Shape.Width);
        return bias ? Add(path, new Linear(), x, weight, Parameter($"{path}.bias", outputs)) : Add(path, new Linear(), x, weight);
    }

    private Node Parameter(string name, params Dimension[] dimensions) => Add(name, new Parameter(Shape.Of(dimensions)));

    private Node Add(string name, Operation operation, params Node[] inputs)
    {
        var node = new Node(_nodes.Count, name, operation, inputs);
        _nodes.Add(node);
        return node;
    }
}
