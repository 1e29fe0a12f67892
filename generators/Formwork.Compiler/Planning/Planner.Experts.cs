using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Planning;

/// <content>
/// Mixtures of experts: routes, the rows of each expert together, the two products of each expert that has rows, and the weighed sum.
/// </content>
public sealed partial class Planner
{
    private void PlanExperts(Node node, MixExperts mix, PassDraft pass)
    {
        Node x = node.Inputs[0], route = node.Inputs[1];
        int chosen = mix.FeedForward.Experts!.Chosen, width = x.Shape.Width;
        BufferPlanner.Value routes = pass.New("routes", RouteKernel.RowWidth(chosen)), starts = pass.New("starts", mix.Count + 1);
        pass.Step(route.Name, RouteKernel.Of(mix.FeedForward.Experts), pass[route.Inputs[0]], routes, route.Inputs.Skip(1).Select(_weights.Dense).ToArray());

        BufferPlanner.Value gathered = PerExpert("gathered", width);
        pass.Step($"{node.Name}.rows", new GatherKernel(width, mix.Count, chosen), pass[x], gathered, others: [routes, starts]);

        BufferPlanner.Value hidden = PerExpert("expertHidden", mix.FeedForward.Width);
        bool gated = mix.FeedForward.Gated;
        (LinearKernel up, IReadOnlyList<PlannedWeight> upWeights) = gated ? ExpertProduct(node, mix, "gate", "up") : ExpertProduct(node, mix, "up");
        string upPath = gated ? $"{node.Name}.gate, .up, .hidden" : $"{node.Name}.up, .hidden";
        pass.Step(upPath, new ExpertsLinearKernel(up, mix.Count, chosen, OfRows: true), pass[x], hidden, upWeights, others: [gathered, starts]);

        BufferPlanner.Value output = PerExpert("expertOutput", width);
        (LinearKernel down, IReadOnlyList<PlannedWeight> downWeights) = ExpertProduct(node, mix, "down");
        pass.Step($"{node.Name}.down", new ExpertsLinearKernel(down, mix.Count, chosen, OfRows: false), hidden, output, downWeights, others: [starts]);
        PlanCombine(node, chosen, output, routes, pass);

        // A row of the pass becomes a row of each of its experts.
        BufferPlanner.Value PerExpert(string role, int rowWidth) => pass.New(role, chosen * Kernel.Padded(rowWidth));
    }

    /// <summary>One expert's product with its packed weights: down, up, or gate and up.</summary>
    private (LinearKernel Kernel, IReadOnlyList<PlannedWeight> Weights) ExpertProduct(Node node, MixExperts mix, params string[] projections)
    {
        FeedForwardSpec part = mix.FeedForward;
        bool down = projections[0] == "down", gated = projections.Length == 2;
        Node[] matrices = projections.Select(projection => node.Inputs[mix.UpInput + (projection switch { "gate" => -1, "up" => 0, _ => 1 })]).ToArray();
        Node?[] biases = projections.Select(projection => mix.BiasInput(projection) is { } input ? node.Inputs[input] : null).ToArray();
        int outputs = matrices[0].Shape.Dimensions[1].Size, inputs = matrices[0].Shape.Width;
        string path = $"{node.Name}.{string.Join("_", projections)}";
        var weights = new List<PlannedWeight> { _weights.ExpertPanels($"{path}.weight", matrices, mix.Count, outputs, inputs) };
        if (biases.Any(bias => bias is not null))
            weights.Add(_weights.ExpertPanels($"{path}.bias", biases, mix.Count, outputs, 1));
        var kernel = new LinearKernel(inputs, outputs, weights.Count > 1, down ? null : part.Activation, gated, AddsResidual: false)
        {
            Clamp = gated ? part.Clamp : null,
            UpOffset = gated ? part.UpOffset : 0,
        };
        return (kernel, weights);
    }

    /// <summary>The weighed sum, which goes into the residual stream directly where nothing comes between.</summary>
    private void PlanCombine(Node node, int chosen, BufferPlanner.Value outputs, BufferPlanner.Value routes, PassDraft pass)
    {
        Node added = _fusion.OnlyUser(node) is { Operation: Scale } scaled ? scaled : node;
        double scale = added.Operation is Scale factor ? factor.Factor : 1;
        if (_fusion.OnlyUser(added) is { Operation: Add } add && add.Inputs[1] == added)
        {
            _fused.Add(add);
            var fused = new CombineKernel(node.Shape.Width, chosen, scale, AddsResidual: true);
            pass.Step(node.Name, fused, outputs, InPlace(add.Inputs[0], add, pass), others: [routes]);
            return;
        }
        pass.Step(node.Name, new CombineKernel(node.Shape.Width, chosen, 1, AddsResidual: false), outputs, pass.New(node, "mixed"), others: [routes]);
    }
}
