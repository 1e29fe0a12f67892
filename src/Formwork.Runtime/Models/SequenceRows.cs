namespace Formwork.Runtime.Models;

/// <summary>The rows that a pass has of one sequence.</summary>
public unsafe struct SequenceRows
{
    /// <summary>Its first row in the pass.</summary>
    public int FirstRow;

    /// <summary>Number of rows.</summary>
    public int Rows;

    /// <summary>Position of the first row's token in the sequence.</summary>
    public int FirstPosition;

    /// <summary>The sequence's key/value cache.</summary>
    public float* Cache;
}
