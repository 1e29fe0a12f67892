namespace Formwork.TestSupport.Interpreter;

/// <summary>What the interpreter computes a graph for: one sequence, and its source where the model reads one.</summary>
/// <param name="Tokens">One id a token; empty where the model takes vectors.</param>
public sealed record InterpreterInput(IReadOnlyList<int> Tokens)
{
    /// <summary>The position of the first token.</summary>
    public int FirstPosition { get; init; }

    /// <summary>The type of each token; null for 0 everywhere.</summary>
    public IReadOnlyList<int>? TokenTypes { get; init; }

    /// <summary>The source's ids.</summary>
    public IReadOnlyList<int> Source { get; init; } = [];

    /// <summary>A vector a token, row-major, for a model or an encoder that takes such.</summary>
    public double[]? Vectors { get; init; }

    /// <summary>Their width.</summary>
    public int VectorWidth { get; init; }

    /// <summary>The rows that have a target, ascending; null for all.</summary>
    public IReadOnlyList<int>? OutputRows { get; init; }

    /// <summary>The class that each of them should be.</summary>
    public IReadOnlyList<int> Targets { get; init; } = [];

    /// <summary>The share of the target distribution that is spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The seed of dropout's masks; null for no dropout.</summary>
    public ulong? DropoutSeed { get; init; }

    /// <summary>How many rows of other sequences stand before this one's in its batch, which dropout's masks follow from.</summary>
    public int FirstRow { get; init; }

    /// <summary>The same of the source.</summary>
    public int FirstSourceRow { get; init; }
}
