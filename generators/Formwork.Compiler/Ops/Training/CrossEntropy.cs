using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// The loss: the mean over rows of −Σ q·log softmax(z), q being the target distribution: 1 − s at the target and s / classes everywhere
/// (Szegedy et al. 2016, section 7), s the label smoothing of the run. Inputs: logits z <c>[rows, classes]</c>, targets <c>int [rows]</c>.
/// Result: <c>[1]</c>.
/// </summary>
public sealed record CrossEntropy : ForwardOperation
{
    public override string Word => "cross_entropy";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(2);
        rule.Input(1, Shape.OfInt32(rule.Inputs[0].Dimensions[0]));
        return Shape.Of(1);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
