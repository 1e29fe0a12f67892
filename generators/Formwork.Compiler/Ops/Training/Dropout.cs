using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>
/// While training, each number is 0 with probability <paramref name="Rate"/> and else divided by 1 − rate (Srivastava et al. 2014, section 10).
/// Whether it is kept follows from the batch's seed, <paramref name="Site"/> (another number for every dropout of a model) and its place.
/// </summary>
public sealed record Dropout(double Rate, int Site) : ForwardOperation
{
    public override string Word => "dropout";

    public override string Detail => $"{Rate.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}, site {Site}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
