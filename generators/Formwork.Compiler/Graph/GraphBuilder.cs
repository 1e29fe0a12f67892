using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Graph;

/// <summary>Spec → graph: the transformer written out, operation by operation, named by spec paths.</summary>
public sealed class GraphBuilder
{
    private readonly ModelSpec _spec;
    private readonly GraphNodes _nodes;
    private readonly Dictionary<GraphOutput, Node> _outputs = [];
    private readonly bool _trains;

    private GraphBuilder(ModelSpec spec, bool trains) => (_spec, _trains, _nodes) = (spec, trains, new GraphNodes(trains ? spec.Training : null));

    /// <summary>Builds a model's forward graph.</summary>
    public static ModelGraph Build(ModelSpec spec) => Build(spec, trains: false);

    /// <summary>
    /// Builds the forward graph that is differentiated: with dropout where the spec has it, the head of the rows only that have a target, and of
    /// the heads that one alone whose loss is learned from.
    /// </summary>
    public static ModelGraph BuildForTraining(ModelSpec spec) => Build(spec, trains: true);

    private static ModelGraph Build(ModelSpec spec, bool trains)
    {
        var builder = new GraphBuilder(spec, trains);
        Node states = builder.Build();
        return new ModelGraph(spec, builder._nodes.All, builder._outputs) { States = states };
    }

    private Node Build()
    {
        Node? states = null, table = null;
        if (_spec.Encoder is { } encoder)
        {
            bool both = _spec.Decoder is not null;
            var stack = new StackBuilder(_nodes, _spec, encoder, both ? Dimension.SourceTokens : Dimension.Tokens);
            states = stack.Build(both && _spec.Embedding.Shared && !encoder.TakesVectors ? TokenTable("", _spec.Vocabulary) : null, memory: null);
            table = stack.Table;
            _outputs.Add(GraphOutput.HiddenStates, states);
        }
        if (_spec.Decoder is { } decoder)
        {
            var stack = new StackBuilder(_nodes, _spec, decoder, Dimension.Tokens);
            states = stack.Build(_spec.Embedding.Shared ? table : null, memory: states);
            table = stack.Table;
        }
        if (_spec.Unembedding is { } unembedding)
            _outputs.Add(GraphOutput.Logits, Unembed(unembedding, _trains ? _nodes.Add("logits.rows", new WantedRows(), states!) : states!, table));
        if (!_trains || _spec.Unembedding is null)
            BuildSequenceHeads(states!);
        if (_trains)
            _outputs.Remove(GraphOutput.HiddenStates);
        return states!;
    }

    private Node TokenTable(string path, int vocabulary) => _nodes.Parameter($"{path}embedding.token", vocabulary, _spec.Width);

    private Node Unembed(UnembeddingSpec spec, Node states, Node? table)
    {
        if (spec.Transform is { } transform)
        {
            Node mapped = _nodes.Linear("unembedding.transform", states, _spec.Width, spec.TransformBias);
            states = _nodes.Add("unembedding.transform.activated", new Activate(transform), mapped);
            if (spec.TransformNorm is { } norm)
                states = _nodes.Norm("unembedding.norm", norm, states);
        }
        Node weight = spec.Tied && table is not null ? table : _nodes.Parameter("unembedding.weight", _spec.Vocabulary, _spec.Width);
        bool changed = spec.Scale != 1 || spec.Cap is not null;
        string name = changed ? "unembedding" : "logits";
        Node logits = spec.Bias
            ? _nodes.Add(name, new Linear(), states, weight, _nodes.Parameter("unembedding.bias", _spec.Vocabulary))
            : _nodes.Add(name, new Linear(), states, weight);
        logits = _nodes.Scaled(spec.Cap is null ? "logits" : "unembedding.scaled", logits, spec.Scale);
        return spec.Cap is { } cap ? _nodes.Add("logits", new Cap(cap), logits) : logits;
    }

    /// <summary>What an encoder makes of each sequence's first token.</summary>
    private void BuildSequenceHeads(Node states)
    {
        if (_spec.Pooler is null && _spec.Classifier is null)
            return;
        Node vector = _nodes.Add("first_token", new FirstToken(), states);
        if (_spec.Pooler is { } pooler)
        {
            vector = _nodes.Add("pooler.activated", new Activate(pooler.Activation), _nodes.Linear("pooler", vector, _spec.Width, pooler.Bias));
            if (pooler.Norm is { } norm)
                vector = _nodes.Norm("pooler.norm", norm, vector);
            if (!_trains)
                _outputs.Add(GraphOutput.Pooled, vector);
        }
        if (_spec.Classifier is { } classifier)
            _outputs.Add(GraphOutput.Labels, _nodes.Linear("classifier", vector, classifier.Labels, classifier.Bias));
    }
}
