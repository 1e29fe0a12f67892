using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>
/// What flows back through the choice of experts to the router's logits; the choice itself is taken as it is. Inputs: logits, the result
/// weights, d(weights).
/// </summary>
public sealed record RouteGradient(Route Route) : GradientOperation
{
    public override string Word => "route_gradient";

    public override string Detail => Route.Detail;

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(3);
        rule.Input(1, rule.Inputs[0]);
        rule.Input(2, rule.Inputs[0]);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
