using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>Which of a pair of texts a token belongs to, <c>int [tokens]</c> (BERT's segments; Devlin et al. 2019, section 3).</summary>
public sealed record TokenTypeIds : ForwardOperation
{
    /// <summary>How many there are.</summary>
    public Dimension Rows { get; init; } = Dimension.Tokens;

    public override string Word => "token_type_ids";

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(0);
        return Shape.OfInt32(Rows);
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
