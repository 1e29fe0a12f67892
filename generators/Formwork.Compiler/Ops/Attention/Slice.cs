using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>Of each of the heads that a row consists of, <paramref name="Width"/> numbers from <paramref name="Start"/> on.</summary>
public sealed record Slice(int Heads, int Start, int Width) : ForwardOperation
{
    public override string Word => "slice";

    public override string Detail => $"{Start}..{Start + Width}{(Heads == 1 ? "" : $" of each of {Heads} heads")}";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        Shape x = rule.Inputs[0];
        rule.Require(x.Width % Heads == 0 && Start + Width <= x.Width / Heads, $"{Heads} heads of at least {Start + Width}", $"{x}");
        return x.WithWidth(Heads * Width);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
