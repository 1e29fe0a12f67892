using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>y[t, :] = table[ids[t], :]. Inputs: ids <c>int [tokens]</c>, table <c>[count, width]</c>. Serves tokens, their types and learned positions.</summary>
public sealed record Embedding : ForwardOperation
{
    public override string Word => "embedding";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(0, Shape.OfInt32(rule.Inputs[0].Dimensions[0]));
        rule.Require(rule.Inputs[1].Rank == 2, "a table [count, width]", $"{rule.Inputs[1]}");
        return Shape.Of(rule.Inputs[0].Dimensions[0], rule.Inputs[1].Width);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
