namespace Formwork.Training.Data;

/// <summary>How large batches and their sequences may be.</summary>
public sealed record BatchLimits
{
    /// <summary>The most target rows of a batch.</summary>
    public int Rows { get; init; } = int.MaxValue;

    /// <summary>The most source rows of a batch.</summary>
    public int SourceRows { get; init; } = int.MaxValue;

    /// <summary>The most sequences of a batch.</summary>
    public int Sequences { get; init; } = int.MaxValue;

    /// <summary>The most rows of a target: the model's context.</summary>
    public int Context { get; init; } = int.MaxValue;

    /// <summary>The most rows of a source.</summary>
    public int SourceContext { get; init; } = int.MaxValue;
}
