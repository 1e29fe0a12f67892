namespace Formwork.Runtime.Training;

/// <summary>The rows that one sequence has in a training pass. Positions count from 0.</summary>
public struct TrainingSequence
{
    /// <summary>Its first row.</summary>
    public int FirstRow;

    /// <summary>Number of rows, at least one.</summary>
    public int Rows;
}
