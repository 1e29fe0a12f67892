using Formwork.Compiler.Text;

namespace Formwork.Compiler.Graph;

/// <summary>The numbers of a value.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>Token ids and positions.</summary>
    Int32,
}

/// <summary>The axes of a value, outermost first, and the type of its numbers.</summary>
public sealed record Shape(ElementType Type, EquatableArray<Dimension> Dimensions)
{
    public static Shape Of(params Dimension[] dimensions) => new(ElementType.Float32, dimensions.ToEquatableArray());

    public static Shape OfInt32(params Dimension[] dimensions) => new(ElementType.Int32, dimensions.ToEquatableArray());

    /// <summary>Number of axes.</summary>
    public int Rank => Dimensions.Count;

    /// <summary>Size of the innermost axis, which is always a literal.</summary>
    public int Width => Dimensions[Rank - 1].Size;

    /// <summary>The same shape with another innermost axis.</summary>
    public Shape WithWidth(int width) => this with { Dimensions = Dimensions.Take(Rank - 1).Append(width).ToEquatableArray() };

    /// <summary>Number of elements, for a shape whose axes are all literal.</summary>
    public long Elements => Dimensions.Aggregate(1L, (product, dimension) => product * dimension.Size);

    public override string ToString() => $"{(Type == ElementType.Int32 ? "int " : "")}[{string.Join(", ", Dimensions)}]";
}
