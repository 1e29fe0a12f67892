using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning;

/// <summary>
/// Graph → plan. What is fused: query, key and value into one product; gate and up into one, their activation and product into its
/// epilogue; bias, activation and residual add into a product's epilogue; residual add into a norm on a part's output; rotary and the
/// cache write into one pass; softmax into attention, with no score matrix in memory.
/// </summary>
public sealed class Planner
{
    private readonly ModelGraph _graph;
    private readonly StackSpec _stack;
    private readonly Fusion _fusion;
    private readonly WeightPlanner _weights;
    private readonly TablePlanner _tables;
    private readonly BufferPlanner _buffers = new();
    private readonly Dictionary<int, BufferPlanner.Value> _values = [];
    private readonly List<Draft> _drafts = [];
    private readonly CachePlanner _cache;
    private readonly Node _lastRowWise;

    private sealed record Draft(
        string Path, Kernel Kernel, StepRows Rows, BufferPlanner.Value? Input, BufferPlanner.Value? Output, IReadOnlyList<PlannedWeight> Weights, PlannedTable? Table, PlannedCache? Cache);

    private Planner(ModelGraph graph)
    {
        _graph = graph;
        _stack = graph.Spec.Decoder!;
        _fusion = new Fusion(graph);
        _weights = new WeightPlanner(graph.Spec);
        _tables = new TablePlanner(_stack.Context);
        _cache = new CachePlanner();
        Node beforeLogits = graph.Output.Inputs[0];
        _lastRowWise = beforeLogits.Name == "final_norm" ? beforeLogits.Inputs[0] : beforeLogits;
    }

    /// <summary>Plans a decoder's pass.</summary>
    public static ModelPlan Plan(ModelGraph graph) => new Planner(graph).Run();

    /// <summary>Parameters of a graph that its spec's weight layout does not name.</summary>
    public static IReadOnlyList<string> ParametersWithoutTensor(ModelGraph graph)
    {
        var named = new HashSet<string>(graph.Spec.Weights.Entries.Select(entry => entry.Parameter));
        return graph.Parameters.Select(parameter => Names.WithoutLayer(parameter.Name, out _)).Distinct().Where(name => !named.Contains(name)).ToArray();
    }

    private ModelPlan Run()
    {
        foreach (Node node in _graph.Nodes)
            PlanNode(node);
        IReadOnlyDictionary<BufferPlanner.Value, PlannedBuffer> placed = _buffers.Place(out int activationFloats);
        PlannedBuffer? Buffer(BufferPlanner.Value? value) => value is null ? null : placed[value];
        PlanStep[] steps = _drafts
            .Select(draft => new PlanStep(draft.Path, draft.Kernel, draft.Rows, Buffer(draft.Input), Buffer(draft.Output), draft.Weights, draft.Table, draft.Cache))
            .ToArray();
        return new ModelPlan(
            _graph, SectionPlanner.Split(steps, _stack), _weights.Blocks, _tables.Tables, placed.Values.OrderBy(buffer => buffer.FirstStep).ToArray(),
            activationFloats, _weights.Length, _tables.Length, _cache.Segments);
    }

    /// <summary>Plans the kernel that ends in this node; nodes that are part of a later node's kernel plan nothing.</summary>
    private void PlanNode(Node node)
    {
        switch (node.Operation)
        {
            case Embedding or Scale or Add when node.Inputs.All(input => input.Operation is TokenIds or Parameter or PositionIds or Embedding or Scale or SinusoidalPositions):
                PlanEmbedding(node);
                break;
            case Attention attention:
                PlanAttention(node, attention);
                break;
            case Multiply:
                PlanGatedProduct(node);
                break;
            case Activate when node.Inputs[0].Operation is Linear && !IsGate(node):
                PlanProduct($"{node.Inputs[0].Name}, .hidden", node.Inputs[0], node, activation: ((Activate)node.Operation).Function, residual: null);
                break;
            case LayerNorm or RmsNorm when !IsAddedNorm(node):
                PlanNorm(node, node, residual: null);
                break;
            case Add when _fusion.Is<Linear>(node.Inputs[1]):
                PlanProduct(node.Inputs[1].Name, node.Inputs[1], node, activation: null, residual: node.Inputs[0]);
                break;
            case Add:
                PlanNorm(node.Inputs[1], node, residual: node.Inputs[0]);
                break;
            case Linear when node == _graph.Output || IsOutputNormed(node):
                PlanProduct(node.Name, node, node, activation: null, residual: null);
                break;
        }
        if (node == _lastRowWise)
            PlanSelection(node);
    }

    private bool IsGate(Node activate) => _fusion.Users(activate) is [{ Operation: Multiply }];

    private bool IsAddedNorm(Node norm) => _fusion.Users(norm) is [{ Operation: Add } add] && add.Inputs[1] == norm;

    private bool IsOutputNormed(Node linear) => _fusion.Users(linear) is [{ Operation: LayerNorm or RmsNorm }];

    private void PlanEmbedding(Node node)
    {
        // Only the last node of the embedding plans it: the one that something other than the embedding uses.
        if (_fusion.Users(node).All(user => user.Name is "embedding.scaled" or "residual_stream"))
            return;
        Node? positions = node.Operation is Add ? node.Inputs[1] : null;
        Node embedded = node.Operation is Add ? node.Inputs[0] : node;
        double scale = embedded.Operation is Scale scaled ? scaled.Factor : 1;
        Node lookup = embedded.Operation is Scale ? embedded.Inputs[0] : embedded;
        Node table = lookup.Inputs[1];
        bool tied = _graph.Spec.Unembedding!.Tied;
        var weights = new List<PlannedWeight> { tied ? Panels(table.Name, [table]) : _weights.Dense(table) };
        PlannedTable? sinusoids = null;
        if (positions?.Operation is Embedding)
            weights.Add(_weights.Dense(positions.Inputs[1]));
        else if (positions?.Operation is SinusoidalPositions sinusoidal)
            sinusoids = _tables.Sinusoidal(sinusoidal);
        var kernel = new EmbeddingKernel(node.Shape.Width, tied, scale, weights.Count > 1, sinusoids is not null);
        Step(node.Name, kernel, null, Value(node, "residual"), weights, table: sinusoids);
    }

    private void PlanAttention(Node node, Attention attention)
    {
        Node query = Fusion.UnderRotary(node.Inputs[0]), key = Fusion.UnderRotary(node.Inputs[1]), value = Fusion.UnderRotary(node.Inputs[2]);
        string path = query.Name.Substring(0, query.Name.LastIndexOf('.'));
        Node[] products = [query, key, value];
        int[] outputs = products.Select(product => product.Shape.Width).ToArray();
        int inputs = query.Inputs[0].Shape.Width;
        bool bias = products.Any(product => product.Inputs.Count == 3);

        BufferPlanner.Value fused = _buffers.New("queryKeyValue", outputs.Sum());
        var weights = new List<PlannedWeight> { _weights.Panels($"{path}.query_key_value.weight", products.Select(Weight).ToArray(), outputs, inputs) };
        if (bias)
            weights.Add(_weights.Panels($"{path}.query_key_value.bias", products.Select(Bias).ToArray(), outputs, 1));
        var product = new LinearKernel(inputs, outputs.Sum(), bias, Activation: null, Gated: false, AddsResidual: false);
        Step($"{path}.query, .key, .value", product, _values[query.Inputs[0].Id], fused, weights);

        RotarySpec? rotary = node.Inputs[0].Operation is Rotary rotation ? rotation.Spec : null;
        PlannedCache cache = _cache.Add(attention);
        var store = new StoreKernel(attention.Heads, attention.KeyValueHeads, attention.HeadWidth, rotary);
        string stored = rotary is null ? $"{path}.key, .value into the cache" : $"{path}.query.rotated, .key.rotated; key, value into the cache";
        Step(stored, store, fused, fused, [], rotary is null ? null : _tables.Rotary(rotary), cache);

        var kernel = new AttentionKernel(attention.Heads, attention.KeyValueHeads, attention.HeadWidth, attention.ScoreScale);
        Step(node.Name, kernel, fused, Value(node, "attended"), [], cache: cache);
    }

    private void PlanGatedProduct(Node node)
    {
        Node activate = node.Inputs[0], gate = activate.Inputs[0], up = node.Inputs[1];
        string path = gate.Name.Substring(0, gate.Name.LastIndexOf('.'));
        int inputs = gate.Inputs[0].Shape.Width, outputs = node.Shape.Width;
        bool bias = gate.Inputs.Count == 3 || up.Inputs.Count == 3;
        var weights = new List<PlannedWeight> { _weights.AlternatingPanels($"{path}.gate_up.weight", [Weight(gate), Weight(up)], outputs, inputs) };
        if (bias)
            weights.Add(_weights.AlternatingPanels($"{path}.gate_up.bias", [Bias(gate), Bias(up)], outputs, 1));
        var kernel = new LinearKernel(inputs, outputs, bias, ((Activate)activate.Operation).Function, Gated: true, AddsResidual: false);
        Step($"{path}.gate, .up, .hidden", kernel, _values[gate.Inputs[0].Id], Value(node, "hidden"), weights);
    }

    private void PlanProduct(string path, Node linear, Node end, Activation? activation, Node? residual)
    {
        Node input = linear.Inputs[0];
        bool toLogits = linear == _graph.Output, bias = linear.Inputs.Count == 3;
        var weights = new List<PlannedWeight> { Panels(linear.Inputs[1].Name, [linear.Inputs[1]]) };
        if (bias)
            weights.Add(_weights.Panels(linear.Inputs[2].Name, [linear.Inputs[2]], [linear.Shape.Width], 1));
        var kernel = new LinearKernel(input.Shape.Width, linear.Shape.Width, bias, activation, Gated: false, AddsResidual: residual is not null);
        BufferPlanner.Value? output = toLogits ? null : residual is null ? Value(end, activation is null ? "projected" : "hidden") : InPlace(residual, end);
        Step(path, kernel, _values[input.Id], output, weights, rows: toLogits ? StepRows.Outputs : StepRows.Tokens);
    }

    private void PlanNorm(Node norm, Node end, Node? residual)
    {
        bool layer = norm.Operation is LayerNorm, bias = norm.Inputs.Count == 3;
        (double epsilon, bool unitOffset) = norm.Operation switch
        {
            LayerNorm layerNorm => (layerNorm.Epsilon, layerNorm.UnitOffset),
            RmsNorm rmsNorm => (rmsNorm.Epsilon, rmsNorm.UnitOffset),
            _ => throw new InvalidOperationException($"{norm.Name} is no norm"),
        };
        PlannedWeight[] weights = norm.Inputs.Skip(1).Select(_weights.Dense).ToArray();
        var kernel = new NormKernel(layer ? NormKind.Layer : NormKind.Rms, norm.Shape.Width, epsilon, unitOffset, bias, residual is not null);
        // A row is read whole before it is written, so a norm can take its input's place when nothing else reads that.
        BufferPlanner.Value output = residual is not null ? InPlace(residual, end)
            : _fusion.Users(norm.Inputs[0]).Count == 1 ? InPlace(norm.Inputs[0], end)
            : Value(end, "normed");
        Step(norm.Name, kernel, _values[norm.Inputs[0].Id], output, weights, rows: norm.Name == "final_norm" ? StepRows.Outputs : StepRows.Tokens);
    }

    /// <summary>From here on only the rows whose logits are wanted are computed.</summary>
    private void PlanSelection(Node residual)
    {
        BufferPlanner.Value all = _values[residual.Id], selected = _buffers.New("selected", residual.Shape.Width);
        Step("logits.rows", new SelectKernel(residual.Shape.Width), all, selected, [], rows: StepRows.Outputs);
        _values[residual.Id] = selected;
    }

    private void Step(
        string path, Kernel kernel, BufferPlanner.Value? input, BufferPlanner.Value? output, IReadOnlyList<PlannedWeight> weights,
        PlannedTable? table = null, PlannedCache? cache = null, StepRows rows = StepRows.Tokens)
    {
        input?.UsedBy(_drafts.Count);
        output?.UsedBy(_drafts.Count);
        _drafts.Add(new Draft(path, kernel, rows, input, output, weights, table, cache));
    }

    private BufferPlanner.Value Value(Node node, string role) => _values[node.Id] = _buffers.New(role, node.Shape.Width);

    /// <summary>A node takes another's buffer: legal because nothing reads that value afterwards.</summary>
    private BufferPlanner.Value InPlace(Node taken, Node node)
    {
        if (_fusion.Users(taken).Any(user => user.Id > node.Id))
            throw new InvalidOperationException($"{taken.Name} is read after {node.Name} has taken its place");
        return _values[node.Id] = _values[taken.Id];
    }

    private PlannedWeight Panels(string path, Node[] parameters) =>
        _weights.Panels(path, parameters, parameters.Select(parameter => parameter.Shape.Dimensions[0].Size).ToArray(), parameters[0].Shape.Width);

    private static Node? Weight(Node linear) => linear.Inputs[1];

    private static Node? Bias(Node linear) => linear.Inputs.Count == 3 ? linear.Inputs[2] : null;
}
