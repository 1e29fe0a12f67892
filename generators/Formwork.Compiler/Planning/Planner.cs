using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning;

/// <summary>
/// Graph → plan. What is fused: query, key and value into one product; gate and up into one, their activation and product into its
/// epilogue; bias, activation, scale, cap and residual add into a product's epilogue; residual add into a norm on a part's output; rotary
/// and the cache write into one pass; everything between scores and values into attention, with no score matrix in memory.
/// </summary>
public sealed partial class Planner
{
    /// <summary>The pass that reads tokens.</summary>
    public const string ForwardPass = "Forward";

    /// <summary>The pass that reads a source.</summary>
    public const string EncodePass = "Encode";

    private readonly ModelGraph _graph;
    private readonly ModelSpec _spec;
    private readonly Fusion _fusion;
    private readonly WeightPlanner _weights;
    private readonly TablePlanner _tables = new();
    private readonly PassDraft _forward;
    private readonly PassDraft? _encode;
    private readonly CachePlanner _memory = new(shared: false);

    /// <summary>Nodes that a kernel of a later or earlier node computes.</summary>
    private readonly HashSet<Node> _fused = [];

    /// <summary>Nodes that are planned for each output that needs them, and not where they stand.</summary>
    private readonly HashSet<Node> _heads;

    private Planner(ModelGraph graph)
    {
        _graph = graph;
        _spec = graph.Spec;
        _fusion = new Fusion(graph);
        _heads = HeadsOf(graph);
        _weights = new WeightPlanner(graph);
        _forward = new PassDraft(ForwardPass, _spec, keeps: _spec.Decoder is not null);
        _encode = _spec.Architecture == Architecture.EncoderDecoder ? new PassDraft(EncodePass, _spec, keeps: false) : null;
    }

    /// <summary>Plans a model's passes.</summary>
    public static ModelPlan Plan(ModelGraph graph) => new Planner(graph).Run();

    /// <summary>Parameters of a graph that its spec's weight layout does not name.</summary>
    public static IReadOnlyList<string> ParametersWithoutTensor(ModelGraph graph)
    {
        var named = new HashSet<string>(graph.Spec.Weights.Entries.Select(entry => entry.Parameter));
        return graph.Parameters.Select(parameter => Names.WithoutLayer(parameter.Name, out _)).Distinct().Where(name => !named.Contains(name)).ToArray();
    }

    private ModelPlan Run()
    {
        MarkFused();
        foreach (Node node in _graph.Nodes)
        {
            if (!_heads.Contains(node))
                PlanNode(node, PassOf(node));
            if (node == _graph.States)
                PlanOutputs();
        }
        PlannedPass[] passes = (_encode is null ? [_forward] : new[] { _encode, _forward }).Select(pass => pass.Finish()).ToArray();
        bool decoder = _spec.Decoder is not null;
        return new ModelPlan(_graph, passes, _weights.Blocks, _tables.Tables, _weights.Length, _tables.Length)
        {
            TablePlaces = _tables,
            CacheSegments = decoder ? _forward.Cache.Segments : [],
            MemorySegments = _memory.Segments,
            ScratchPositionFloats = (decoder ? _encode : _forward)?.Cache.LargestFloats ?? 0,
        };
    }

    private PassDraft PassOf(Node node) => _encode is not null && node.Shape.Dimensions[0] == Dimension.SourceTokens ? _encode : _forward;

    /// <summary>Nodes that a kernel planned at another node computes: projections of attention and gates.</summary>
    private void MarkFused()
    {
        foreach (Node node in _graph.Nodes)
        {
            switch (node.Operation)
            {
                case Attention:
                    foreach (Node input in node.Inputs.Take(3))
                        MarkProjection(input);
                    break;
                case Multiply:
                    MarkToLinear(node.Inputs[0]);
                    MarkToLinear(node.Inputs[1]);
                    break;
            }
        }
    }

    private void MarkToLinear(Node node)
    {
        for (_fused.Add(node); node.Operation is not Linear; _fused.Add(node))
            node = node.Inputs[0];
    }

    /// <summary>Plans the kernel that begins in this node; nodes that are part of another's kernel plan nothing.</summary>
    private void PlanNode(Node node, PassDraft pass)
    {
        if (_fused.Contains(node) || node.Operation is Parameter)
            return;
        if (IsEmbedding(node))
        {
            bool ids = node.Shape.Type == ElementType.Int32;
            if (!ids && (node == _graph.States || _fusion.Users(node).Any(user => !IsEmbedding(user))))
                PlanEmbedding(node, pass);
            return;
        }
        switch (node.Operation)
        {
            case Attention attention:
                PlanAttention(node, attention, pass);
                break;
            case MixExperts mix:
                PlanExperts(node, mix, pass);
                break;
            case Multiply:
                PlanGatedProduct(node, pass);
                break;
            case Linear:
                PlanProduct(node, pass);
                break;
            case LayerNorm or RmsNorm:
                PlanNorm(node, pass);
                break;
            case ScaleRows:
                pass.Step(node.Name, new ScaleRowsKernel(node.Shape.Width), pass[node.Inputs[0]], InPlace(node.Inputs[0], node, pass), others: [pass[node.Inputs[1]]]);
                break;
            case Add:
                PlanAdd(node, pass);
                break;
        }
    }

    /// <summary>y += scale · x, where neither a product nor a norm can do it.</summary>
    private void PlanAdd(Node node, PassDraft pass)
    {
        Node added = node.Inputs[1];
        double scale = 1;
        if (added.Operation is Scale scaled)
            (added, scale) = (added.Inputs[0], scaled.Factor);
        pass.Step(node.Name, new AddKernel(node.Shape.Width, scale), pass[added], InPlace(node.Inputs[0], node, pass));
    }

    /// <summary>A node takes another's buffer; a copy of it when something still reads that value.</summary>
    private BufferPlanner.Value InPlace(Node taken, Node node, PassDraft pass)
    {
        if (!_fusion.Users(taken).Any(user => user.Id > node.Id))
            return pass[node] = pass[taken];
        // Two at a time, and so two names by turns.
        BufferPlanner.Value copy = pass.New(node, pass[taken].Name == "sum" ? "residual" : "sum");
        pass.Step($"{node.Name}, begun with a copy", new CopyKernel(node.Shape.Width), pass[taken], copy);
        return copy;
    }

    private static bool IsEmbedding(Node node) => node.Operation switch
    {
        TokenIds or PositionIds or TokenTypeIds or Embedding or SinusoidalPositions or InputVectors => true,
        Scale => IsEmbedding(node.Inputs[0]),
        Add => node.Inputs.All(IsEmbedding),
        _ => false,
    };

    /// <summary>Rows that follow from token ids: embeddings, their scale, token types and positions in one walk.</summary>
    private void PlanEmbedding(Node node, PassDraft pass)
    {
        var parts = new EmbeddingParts(node);
        // The table lies in panels when it is the unembedding's too.
        bool panels = parts.Table is { } shared && _fusion.Users(shared).Any(user => user.Operation is Linear);
        var weights = new List<PlannedWeight>();
        if (parts.Table is { } table)
            weights.Add(panels ? Panels(table.Name, [table]) : _weights.Dense(table));
        if (parts.TypeTable is { } types)
            weights.Add(_weights.Dense(types));
        if (parts.PositionTable is { } positions)
            weights.Add(_weights.Dense(positions));
        int context = (pass == _encode ? _spec.Encoder : _spec.Decoder ?? _spec.Encoder)!.Context;
        PlannedTable? sinusoids = parts.Sinusoids is { } sinusoidal ? _tables.Sinusoidal(sinusoidal, context, parts.Offset) : null;
        var kernel = new EmbeddingKernel(node.Shape.Width, panels, parts.Scale, parts.PositionTable is not null, sinusoids is not null)
        {
            Vectors = parts.Table is null,
            TokenTypes = parts.TypeTable is not null,
            PositionOffset = parts.PositionTable is null ? 0 : parts.Offset,
        };
        pass.Step(node.Name, kernel, null, pass.New(node, "residual"), weights, sinusoids);
    }

    private PlannedWeight Panels(string path, Node[] parameters) =>
        _weights.Panels(path, parameters, parameters.Select(parameter => parameter.Shape.Dimensions[0].Size).ToArray(), parameters[0].Shape.Width);

    private static Node? Weight(Node linear) => linear.Inputs[1];

    private static Node? Bias(Node linear) => linear.Inputs.Count == 3 ? linear.Inputs[2] : null;
}
