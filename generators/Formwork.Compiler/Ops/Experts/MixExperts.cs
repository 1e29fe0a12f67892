using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>
/// y[t] = Σₑ weight[t, e] · expertₑ(x[t]), an expert being a feed-forward part of its own (Shazeer et al. 2017, section 2):
/// down(f(up(x))), or down(f(min(gate(x), clamp)) ∘ (min(max(up(x), −clamp), clamp) + offset)) when gated. Inputs: x <c>[tokens, width]</c>,
/// weights <c>[tokens, experts]</c>, then gate (when gated), up and down as <c>[experts, outputs, inputs]</c>, then their biases
/// <c>[experts, outputs]</c>, those that the spec has, in the same order.
/// </summary>
public sealed record MixExperts(FeedForwardSpec FeedForward) : ForwardOperation
{
    /// <summary>Number of experts.</summary>
    public int Count => FeedForward.Experts!.Count;

    /// <summary>The input with the projection up; gate stands before it.</summary>
    public int UpInput => FeedForward.Gated ? 3 : 2;

    /// <summary>The input with a projection's bias; null for none.</summary>
    public int? BiasInput(string projection)
    {
        int next = UpInput + 2;
        int? gate = FeedForward.GateBias ? next++ : null, up = FeedForward.UpBias ? next++ : null, down = FeedForward.DownBias ? next : null;
        return projection switch { "gate" => gate, "up" => up, _ => down };
    }

    public override string Word => "mix_experts";

    public override string Detail => $"{Count} experts of {FeedForward.Width}";

    public override Shape InferShape(ShapeRule rule)
    {
        FeedForwardSpec part = FeedForward;
        rule.Count(UpInput + 2 + (part.GateBias ? 1 : 0) + (part.UpBias ? 1 : 0) + (part.DownBias ? 1 : 0));
        Shape x = rule.Inputs[0];
        rule.Input(1, x.WithWidth(Count));
        for (int input = 2; input <= UpInput; input++)
            rule.Input(input, Shape.Of(Count, part.Width, x.Width));
        rule.Input(UpInput + 1, Shape.Of(Count, x.Width, part.Width));
        RequireBias("gate", part.Width);
        RequireBias("up", part.Width);
        RequireBias("down", x.Width);
        return x;

        void RequireBias(string projection, int width)
        {
            if (BiasInput(projection) is { } input)
                rule.Input(input, Shape.Of(Count, width));
        }
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
