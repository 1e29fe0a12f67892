using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Planning.Training;

/// <content>
/// Mixtures of experts. Rows are sorted by expert as in the passes that infer. Of an expert's inside the first product's results are kept;
/// rows are brought together again when the backward pass needs them, and everything else is computed from those.
/// </content>
public sealed partial class TrainingPlanner
{
    /// <summary>The results of experts' first products, by the routes that led to them.</summary>
    private readonly Dictionary<Node, Place> _projected = [];

    /// <summary>A mixture's operands and sizes.</summary>
    private sealed record Mixture(MixExperts Mix, Node Input, Node Routes, PlannedWeight Up, PlannedWeight? UpBias, PlannedWeight Down, PlannedWeight? DownBias)
    {
        public int Chosen => Mix.FeedForward.Experts!.Chosen;

        public int Width => Input.Shape.Width;

        public int HiddenWidth => Mix.FeedForward.Width;

        public int ProjectedWidth => Mix.FeedForward.Gated ? 2 * Kernel.Padded(HiddenWidth) : HiddenWidth;

        public ExpertActivation Activation => ExpertActivation.Of(Mix.FeedForward);
    }

    private Mixture MixtureOf(Node node, MixExperts mix)
    {
        return new Mixture(
            mix, node.Inputs[0], node.Inputs[1], WeightOf(node.Inputs[mix.UpInput]), Bias(mix.BiasInput("gate") ?? mix.BiasInput("up")),
            WeightOf(node.Inputs[mix.UpInput + 1]), Bias(mix.BiasInput("down")));

        PlannedWeight? Bias(int? input) => input is { } index ? WeightOf(node.Inputs[index]) : null;
    }

    /// <summary>A buffer in which a row has a row for each of its experts.</summary>
    private Place PerExpert(Mixture mixture, string role, int width) => new(_draft.New(role, mixture.Chosen * Kernel.Padded(width), mixture.Input.Shape.Dimensions[0]));

    private void PlanRoute(Node node, Route route)
    {
        Node logits = node.Inputs[0];
        // Nobody but the choice's derivative reads the logits again, and that is made of the scores which take their place.
        Place scores = _places[logits] = Whole(logits);
        Place routes = _places[node] = new Place(_draft.New("routes", RouteKernel.RowWidth(route.Experts.Chosen), node.Shape.Dimensions[0]));
        TrainingDraft.Argument[] bias = [.. node.Inputs.Skip(1).Select(parameter => (TrainingDraft.Argument)Weight(WeightOf(parameter)))];
        _draft.Step(node.Name, RouteKernel.Of(route.Experts), [scores, .. bias, routes, Rows(node)]);
        Consume(node);
    }

    private void PlanExperts(Node node, MixExperts mix)
    {
        Mixture mixture = MixtureOf(node, mix);
        (Place gathered, Place starts) = GatherForExperts($"{node.Name}.rows", mixture, mixture.Input, "gathered");
        Place projected = _projected[mixture.Routes] = Project(node.Name, mixture, gathered, starts);
        Place hidden = PerExpert(mixture, "expertHidden", mixture.HiddenWidth), output = PerExpert(mixture, "expertOutput", mixture.Width);
        PlanHidden($"{node.Name}.hidden", mixture, projected, hidden);
        PlanExpertProduct($"{node.Name}.down", mixture, new LinearKernel(mixture.HiddenWidth, mixture.Width, mixture.DownBias is not null, null, false, false), hidden, starts, mixture.Down, mixture.DownBias, output);
        _draft.Step(node.Name, new CombineKernel(mixture.Width, mixture.Chosen, 1, AddsResidual: false), output, PlaceOf(mixture.Routes), New(node, "mixed"), Rows(node));
        Consume(node);
    }

    /// <summary>The rows of each expert together, and where each expert's begin.</summary>
    private (Place Gathered, Place Starts) GatherForExperts(string path, Mixture mixture, Node rows, string role)
    {
        Place gathered = PerExpert(mixture, role, mixture.Width), starts = new(_draft.New("starts", mixture.Mix.Count + 1, rows.Shape.Dimensions[0]));
        var kernel = new GatherKernel(mixture.Width, mixture.Mix.Count, mixture.Chosen) { CopiesOne = true };
        _draft.Step(path, kernel, Whole(rows), PlaceOf(mixture.Routes), starts, gathered, Rows(rows));
        return (gathered, starts);
    }

    /// <summary>The experts' first product: up, gate's panels alternating with its where there is one.</summary>
    private Place Project(string path, Mixture mixture, Place gathered, Place starts, string again = "")
    {
        Place projected = PerExpert(mixture, mixture.Mix.FeedForward.Gated ? "gateUp" : "up", mixture.ProjectedWidth);
        var kernel = new LinearKernel(mixture.Width, mixture.ProjectedWidth, mixture.UpBias is not null, null, Gated: false, AddsResidual: false);
        string name = mixture.Mix.FeedForward.Gated ? $"{path}.gate, {path}.up" : $"{path}.up";
        PlanExpertProduct(name + again, mixture, kernel, gathered, starts, mixture.Up, mixture.UpBias, projected);
        return projected;
    }

    private void PlanExpertProduct(string path, Mixture mixture, LinearKernel product, Place input, Place starts, PlannedWeight weight, PlannedWeight? bias, Place output)
    {
        var kernel = new ExpertsLinearKernel(product, mixture.Mix.Count, mixture.Chosen, OfRows: false);
        TrainingDraft.Argument[] biases = bias is null ? [] : [Weight(bias)];
        _draft.Step(path, kernel, [input, starts, Weight(weight), .. biases, output]);
    }

    /// <summary>What stands between the products, in one walk over the rows of all experts.</summary>
    private void PlanHidden(string path, Mixture mixture, Place projected, Place hidden)
    {
        ExpertActivation activation = mixture.Activation;
        var operand = new ElementwiseOperand(Kernel.Padded(mixture.ProjectedWidth), activation.Gated);
        string rows = $"{TrainingDraft.RowCount(mixture.Input.Shape.Dimensions[0])} * {mixture.Chosen}";
        string formula = activation.Gated ? $"{activation.Activated(activation.Bounded("x0"))} * {activation.Value("x1")}" : activation.Activated("x0");
        EquatableArray<ElementwiseOperand> operands = (activation.Gated ? new[] { operand, operand } : [operand]).ToEquatableArray();
        var kernel = new ElementwiseKernel(
            "ExpertHidden", formula, mixture.HiddenWidth, operands, new ElementwiseOperand(Kernel.Padded(mixture.HiddenWidth), false), OwnsPadding: true, EquatableArray<double>.Empty);
        if (activation.Gated)
            _draft.Step(path, _draft.Named(kernel), projected, projected with { Column = Kernel.Lanes }, hidden, rows);
        else
            _draft.Step(path, _draft.Named(kernel), projected, hidden, rows);
    }

    /// <summary>What flows back through a mixture to all of its inputs, at the first that is reached.</summary>
    private void PlanExpertsGradient(Node node, MixExpertsGradient gradient)
    {
        Mixture mixture = MixtureOf(node, gradient.Mix);
        Node flow = node.Inputs[node.Inputs.Count - 1];
        Node[] siblings = _uses.Users(flow).Where(user => user.Operation is MixExpertsGradient && user.Inputs[1] == mixture.Routes).ToArray();
        string name = ForwardOf(node).Name, again = Recomputation.IsAgain(mixture.Routes) ? ".again" : "";
        int count = mixture.Mix.Count, chosen = mixture.Chosen;

        (Place gathered, Place starts) = GatherForExperts($"{name}.rows{again}", mixture, mixture.Input, "gathered");
        if (!_projected.TryGetValue(mixture.Routes, out Place? projected))
            projected = Project(name, mixture, gathered, starts, again);
        (Place outputGradient, _) = GatherForExperts($"{name}.gradient.rows", mixture, flow, "outputGradient");

        Place hidden = PerExpert(mixture, "hiddenGradient", mixture.HiddenWidth), weightGradient = new(_draft.New("weightGradient", chosen, flow.Shape.Dimensions[0]));
        var down = new InputGradientKernel(mixture.HiddenWidth, mixture.Width, Adds: false);
        _draft.Step($"{name}.down.input_gradient", new ExpertsInputGradientKernel(down, count, chosen), outputGradient, starts, Weight(mixture.Down), hidden, Scratch);
        var between = new ExpertsHiddenGradientKernel(mixture.HiddenWidth, mixture.Width, chosen, mixture.Activation, mixture.DownBias is not null);
        TrainingDraft.Argument[] bias = mixture.DownBias is { } downBias ? [Weight(downBias)] : [];
        _draft.Step($"{name}.hidden.gradient", between, [PlaceOf(mixture.Routes), projected, hidden, outputGradient, .. bias, weightGradient, Rows(flow)]);
        PlanExpertWeights($"{name}.down.weight_gradient", mixture, mixture.HiddenWidth, mixture.Width, hidden, starts, outputGradient, mixture.Down, mixture.DownBias);
        PlanExpertWeights($"{name}.up.weight_gradient", mixture, mixture.Width, mixture.ProjectedWidth, gathered, starts, projected, mixture.Up, mixture.UpBias);

        foreach (Node sibling in siblings)
        {
            switch (((MixExpertsGradient)sibling.Operation).Input)
            {
                case 0:
                    PlanExpertInputs(sibling, mixture, starts, projected);
                    break;
                case 1:
                    _places[sibling] = weightGradient;
                    break;
            }
            _planned.Add(sibling);
            Consume(sibling);
        }
    }

    private void PlanExpertWeights(string path, Mixture mixture, int inputs, int outputs, Place input, Place starts, Place gradient, PlannedWeight weight, PlannedWeight? bias)
    {
        var kernel = new ExpertsWeightGradientKernel(new WeightGradientKernel(inputs, outputs, bias is not null), mixture.Mix.Count, mixture.Chosen);
        TrainingDraft.Argument[] biases = bias is null ? [] : [Gradient(bias)];
        _draft.Step(path, kernel, [input, starts, gradient, Gradient(weight), .. biases, Scratch]);
    }

    /// <summary>What flows back to rows: the sum of what flows back to them from their experts.</summary>
    private void PlanExpertInputs(Node node, Mixture mixture, Place starts, Place projectedGradient)
    {
        Place perExpert = PerExpert(mixture, "expertGradient", mixture.Width);
        var up = new InputGradientKernel(mixture.Width, mixture.ProjectedWidth, Adds: false);
        _draft.Step($"{node.Name}.experts", new ExpertsInputGradientKernel(up, mixture.Mix.Count, mixture.Chosen), projectedGradient, starts, Weight(mixture.Up), perExpert, Scratch);
        var sum = new CombineKernel(mixture.Width, mixture.Chosen, 1, AddsResidual: false) { Weighed = false };
        _draft.Step(node.Name, sum, perExpert, PlaceOf(mixture.Routes), New(node, "gradient"), Rows(node));
    }

    private void PlanRouteGradient(Node node, RouteGradient gradient)
    {
        ExpertsSpec experts = gradient.Route.Experts;
        var kernel = new RouteGradientKernel(experts.Count, experts.Chosen, experts.Score, experts.Renormalize, experts.Scale);
        _draft.Step(node.Name, kernel, PlaceOf(node.Inputs[0]), PlaceOf(node.Inputs[1]), PlaceOf(node.Inputs[2]), New(node, "gradient"), Rows(node));
        Consume(node);
    }
}
