using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>d(table)[i, :] = Σ d(y)[t, :] over the tokens t whose id is i. Inputs: ids <c>int [tokens]</c>, d(y) <c>[tokens, width]</c>.</summary>
public sealed record EmbeddingGradient(int Count) : GradientOperation
{
    public override string Word => "embedding_gradient";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(0, Shape.OfInt32(rule.Inputs[1].Dimensions[0]));
        return Shape.Of(Count, rule.Inputs[1].Width);
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
