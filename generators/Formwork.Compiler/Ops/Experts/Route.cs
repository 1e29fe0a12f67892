using System.Globalization;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Chooses experts for each token: scores are the softmax or the sigmoid of the router's logits; of the groups with the best score some stay,
/// of their experts the best by score (and selection bias); the chosen ones' scores, perhaps made to sum to one, times a factor, are their
/// weights, all others' are 0. Among equals the first is chosen. Inputs: logits <c>[tokens, experts]</c>, and the selection bias
/// <c>[experts]</c> where there is one. Result: weights <c>[tokens, experts]</c>.
/// </summary>
public sealed record Route(ExpertsSpec Experts) : ForwardOperation
{
    public override string Word => "route";

    public override string Detail
    {
        get
        {
            string detail = $"{Experts.Chosen} of {Experts.Count} by {Experts.Score.ToString().ToLowerInvariant()}{(Experts.Renormalize ? ", renormalized" : "")}";
            if (Experts.ChosenGroups < Experts.Groups)
                detail += $", {Experts.ChosenGroups} of {Experts.Groups} groups by {(Experts.GroupScore == GroupScore.Largest ? "the largest" : "the two largest")}";
            return Experts.Scale == 1 ? detail : $"{detail}, times {Experts.Scale.ToString("R", CultureInfo.InvariantCulture)}";
        }
    }

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(Experts.SelectionBias ? 2 : 1);
        rule.Require(rule.Inputs[0].Width == Experts.Count, $"logits of {Experts.Count} experts", $"{rule.Inputs[0]}");
        if (Experts.SelectionBias)
            rule.Input(1, Shape.Of(Experts.Count));
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
