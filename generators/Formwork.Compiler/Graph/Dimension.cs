using System.Globalization;

namespace Formwork.Compiler.Graph;

/// <summary>One axis of a shape: a number known when the model is compiled, or a count known when it runs.</summary>
/// <param name="Size">The number; 0 when the axis is a runtime count.</param>
/// <param name="Symbol">The name of the runtime count; null when the axis is a number.</param>
public readonly record struct Dimension(int Size, string? Symbol)
{
    /// <summary>How many tokens one pass is given.</summary>
    public static Dimension Tokens { get; } = new(0, "tokens");

    /// <summary>How many tokens the source has, in a model that reads one.</summary>
    public static Dimension SourceTokens { get; } = new(0, "source");

    /// <summary>How many sequences one pass is given.</summary>
    public static Dimension Sequences { get; } = new(0, "sequences");

    /// <summary>Of how many tokens of a pass something is wanted; while training, how many have a target.</summary>
    public static Dimension Outputs { get; } = new(0, "outputs");

    /// <summary>Whether the axis is a number known when the model is compiled.</summary>
    public bool IsLiteral => Symbol is null;

    public static implicit operator Dimension(int size) => new(size, null);

    public override string ToString() => Symbol ?? Size.ToString(CultureInfo.InvariantCulture);
}
