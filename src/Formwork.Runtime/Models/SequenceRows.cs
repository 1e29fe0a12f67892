namespace Formwork.Runtime.Models;

/// <summary>The rows that a pass has of one sequence.</summary>
/// <remarks>
/// Keys and values lie in segments, one after the other: for each layer its key heads and then its value heads. A segment of f floats a
/// position is f · capacity floats long and starts where the floats a position before it, times the capacity, say. Keys lie in panels of
/// 16 positions, number by number; values position by position.
/// </remarks>
public unsafe struct SequenceRows
{
    /// <summary>Its first row in the pass.</summary>
    public int FirstRow;

    /// <summary>Number of rows.</summary>
    public int Rows;

    /// <summary>Position of the first row's token in the sequence.</summary>
    public int FirstPosition;

    /// <summary>The sequence's keys and values; an encoder's are needed during the pass only, and all its layers use the same place.</summary>
    public float* Cache;

    /// <summary>Positions that the cache has room for, a multiple of 64.</summary>
    public int Capacity;

    /// <summary>Keys and values of the source for cross-attention: a decoder's pass reads them, an encoder's writes them. Null where there is none.</summary>
    public float* Memory;

    /// <summary>Positions that the memory has room for, a multiple of 64.</summary>
    public int MemoryCapacity;

    /// <summary>Tokens of the source.</summary>
    public int MemoryRows;
}
