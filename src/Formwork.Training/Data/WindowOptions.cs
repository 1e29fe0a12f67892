namespace Formwork.Training.Data;

/// <summary>How windows are taken from a text.</summary>
/// <param name="Context">Rows of a window.</param>
/// <param name="BatchSize">Windows of a batch.</param>
public sealed record WindowOptions(int Context, int BatchSize)
{
    /// <summary>What the places of the windows follow from.</summary>
    public int Seed { get; init; }

    /// <summary>Where the text begins, in ids.</summary>
    public long Begin { get; init; }

    /// <summary>Where the text ends; null for its own end.</summary>
    public long? End { get; init; }

    /// <summary>Batches of an evaluation; 0 for as many as the text has.</summary>
    public int EvaluationLimit { get; init; }

    /// <summary>Whether an evaluation takes random windows, as nanoGPT does, always the same ones; else those that follow each other.</summary>
    public bool RandomEvaluation { get; init; }
}
