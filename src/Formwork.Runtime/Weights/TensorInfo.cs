namespace Formwork.Runtime.Weights;

/// <summary>What a checkpoint says about one tensor.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Shape">Its sizes, outermost first; empty for a single number.</param>
public sealed record TensorInfo(string Name, TensorType Type, IReadOnlyList<long> Shape)
{
    /// <summary>Numbers in it.</summary>
    public long Count { get; } = Shape.Contains(0) ? 0 : Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>The first size of a matrix; 1 for a vector or a single number.</summary>
    public long Rows => Shape.Count < 2 ? 1 : Shape[0];

    /// <summary>Numbers in a row: the product of all sizes but the first; a vector's length.</summary>
    public long Columns => Shape.Count < 2 ? Count : Rows == 0 ? 0 : Count / Rows;

    /// <summary>The shape as messages show it: <c>[512, 64]</c>.</summary>
    public string ShapeText => Text(Shape);

    internal static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
