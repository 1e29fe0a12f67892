using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning.Training;

/// <summary>
/// Training graph → plan. Weights stay where the passes that infer have them. What is fused: products over one input whose weights lie in one
/// block, forward, and backward what flows back to that input as one product, to the weights and biases as another; what is computed number
/// by number into one walk; sums of what flows back into the kernels that add; attention and the loss, with no matrix of scores or
/// probabilities in memory.
/// </summary>
public sealed partial class TrainingPlanner
{
    private readonly TrainingGraph _graph;
    private readonly ModelPlan _plan;
    private readonly TrainingDraft _draft;
    private readonly NodeUses _uses;
    private readonly ProductGroups _groups;
    private readonly Dictionary<Node, Place> _places = [];
    private readonly Dictionary<Node, BufferPlanner.Value> _logSums = [];
    private readonly Dictionary<Node, Place> _desired = [];
    private readonly HashSet<Node> _planned = [];
    private readonly Dictionary<string, PlannedWeight> _weights;

    private TrainingPlanner(TrainingGraph graph, ModelPlan plan)
    {
        _graph = graph;
        _plan = plan;
        _draft = new TrainingDraft(plan.Kernels);
        _uses = new NodeUses(graph);
        _groups = new ProductGroups(graph, plan);
        _weights = plan.Weights.SelectMany(weight => weight.Slots.Select(slot => (slot.Parameter.Name, weight))).ToDictionary(entry => entry.Name, entry => entry.weight);
    }

    /// <summary>Plans a training pass.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inference">The plan of the same model's passes that infer.</param>
    public static TrainingPlan Plan(TrainingGraph graph, ModelPlan inference) => new TrainingPlanner(graph, inference).Run();

    private TrainingPlan Run()
    {
        FindDesired();
        foreach (Node node in _graph.Nodes)
        {
            EnterPhase(node);
            if (_planned.Add(node) && !_uses.IsInlined(node))
                PlanNode(node);
        }
        (IReadOnlyList<TrainingStep> steps, IReadOnlyList<TrainingBuffer> buffers) = _draft.Finish();
        return new TrainingPlan(_graph, _plan, steps, buffers);
    }

    /// <summary>The head begins where rows are chosen, and ends where what flows back has found its rows again.</summary>
    private void EnterPhase(Node node)
    {
        bool head = IsOfHead(node) || node.Inputs.Any(IsOfHead) || node.Operation is TargetIds or CrossEntropy;
        if (head && _draft.Phase == TrainingPhase.Forward)
        {
            ClearScattered();
            _draft.Phase = TrainingPhase.Head;
        }
        else if (head && _draft.Phase == TrainingPhase.Head && node.Id > _graph.Loss.Id && node.Operation is not CrossEntropyGradient)
            _draft.Phase = TrainingPhase.HeadBackward;
        else if (!head && node.Id > _graph.Loss.Id && _draft.Phase is TrainingPhase.Head or TrainingPhase.HeadBackward && node.Shape.Dimensions.Any(dimension => !dimension.IsLiteral))
            _draft.Phase = TrainingPhase.Backward;
    }

    private static bool IsOfHead(Node node) => node.Operation is not Parameter && TrainingDraft.MemoryOf(node.Shape.Dimensions[0]) == TrainingMemory.Head;

    /// <summary>Rows without a target get nothing back.</summary>
    private void ClearScattered()
    {
        foreach (Node node in _graph.Nodes.Where(node => node.Operation is ScatterRows))
        {
            Place place = New(node, "gradient");
            _draft.Step(node.Name, new ClearKernel(node.Shape.Width), place, Rows(node));
        }
    }

    private void PlanNode(Node node)
    {
        switch (node.Operation)
        {
            case Parameter or TokenIds or PositionIds or TokenTypeIds or TargetIds or ColumnSums:
                break;
            case Sum when node.Shape.Dimensions[0].IsLiteral:
                break; // of a parameter: its kernels add
            case Sum:
                PlanSum(node);
                break;
            case var _ when NodeUses.IsEmbedding(node):
                if (_uses.Users(node).Any(user => !NodeUses.IsEmbedding(user)))
                    PlanEmbedding(node);
                break;
            case Linear:
                PlanProduct(node);
                break;
            case LayerNorm or RmsNorm:
                PlanNorm(node);
                break;
            case Rotary or RotaryGradient:
                PlanRotary(node);
                break;
            case Attention attention:
                PlanAttention(node, attention);
                break;
            case AttentionGradient gradient:
                PlanAttentionGradient(node, gradient);
                break;
            case Slice or JoinHeads or SliceGradient or HeadSums:
                PlanHeads(node);
                break;
            case ScaleRows:
                _draft.Step(node.Name, new ScaleRowsKernel(node.Shape.Width), Whole(node.Inputs[0]), Whole(node.Inputs[1]), New(node, "scaled"), Rows(node));
                Consume(node);
                break;
            case RowDots:
                _draft.Step(node.Name, new RowDotsKernel(node.Inputs[0].Shape.Width), Whole(node.Inputs[0]), Whole(node.Inputs[1]), New(node, "factorGradient"), Rows(node));
                Consume(node);
                break;
            case WantedRows or FirstToken:
                _draft.Step(node.Name, new GatherRowsKernel(node.Shape.Width, node.Operation is FirstToken), Whole(node.Inputs[0]), "pass.Target", "pass.OutputRows + pass.FirstOutput", New(node, "selected"), Rows(node));
                Consume(node);
                break;
            case ScatterRows scatter:
                _draft.Step(node.Name, new ScatterRowsKernel(node.Shape.Width, scatter.FirstTokens), Whole(node.Inputs[0]), "pass.Target", "pass.OutputRows + pass.FirstOutput", _places[node], Rows(node.Inputs[0]));
                Consume(node);
                break;
            case CrossEntropy:
                PlanLoss(node);
                break;
            case CrossEntropyGradient:
                break; // the loss's kernel leaves it where the logits were
            case LinearInputGradient:
                if (!_uses.IsDeferred(node))
                    AddInputGradient(node, Output(node, "gradient"), adds: false);
                break;
            case LinearWeightGradient:
                PlanWeightGradient(node);
                break;
            case NormInputGradient:
                if (!_uses.IsDeferred(node))
                    AddNormGradient(node, Output(node, "gradient"), adds: false);
                break;
            case NormGainGradient:
                PlanNormGainGradient(node);
                break;
            case EmbeddingGradient gradient:
                PlanEmbeddingGradient(node, gradient);
                break;
            case Route route:
                PlanRoute(node, route);
                break;
            case MixExperts mix:
                PlanExperts(node, mix);
                break;
            case MixExpertsGradient gradient:
                PlanExpertsGradient(node, gradient);
                break;
            case RouteGradient gradient:
                PlanRouteGradient(node, gradient);
                break;
            default:
                if (!NodeUses.IsPointwise(node))
                    throw new InvalidOperationException($"{node.Name}: {node.Operation.Word} has no plan");
                PlanPointwise(node);
                break;
        }
    }

    private static string Rows(Node node) => TrainingDraft.RowCount(node.Shape.Dimensions[0]);

    /// <summary>A node's reading of its inputs is done.</summary>
    private void Consume(Node node) => _uses.Consume(node);

    /// <summary>A new buffer for a node.</summary>
    private Place New(Node node, string role) => _places[node] = new Place(_draft.New(role, node.Shape.Width, node.Shape.Dimensions[0]));

    /// <summary>Where a node's value shall lie: where a reader wants it, or in a new buffer.</summary>
    private Place Output(Node node, string role) => _desired.TryGetValue(node, out Place? desired) ? _places[node] = desired : New(node, role);

    private Place PlaceOf(Node node) => _places.TryGetValue(node, out Place? place) ? place : throw new InvalidOperationException($"{node.Name} is read before it is planned");

    /// <summary>A place where the value has its rows to itself: its own, or a copy.</summary>
    private Place Whole(Node node)
    {
        Place place = PlaceOf(node);
        return place.IsWhole(node.Shape.Width) ? place : Copy(node, new Place(_draft.New("copied", node.Shape.Width, node.Shape.Dimensions[0])));
    }

    private Place Copy(Node node, Place to)
    {
        Place from = PlaceOf(node);
        var kernel = new ElementwiseKernel("Copy", "x0", node.Shape.Width, new[] { from.Operand }.ToEquatableArray(), to.Operand, to.IsWhole(node.Shape.Width), EquatableArray<double>.Empty);
        _draft.Step($"{node.Name}, to its place", _draft.Named(kernel), from, to, Rows(node));
        return to;
    }

    private static string Weight(PlannedWeight weight) => $"Weights + {Names.CSharp(weight.Path)}";

    private static string Gradient(PlannedWeight weight) => $"pass.Gradients + {Names.CSharp(weight.Path)}";

    private PlannedWeight WeightOf(Node parameter) => _weights[parameter.Name];
}
