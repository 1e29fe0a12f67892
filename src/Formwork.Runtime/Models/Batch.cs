namespace Formwork.Runtime.Models;

/// <summary>
/// What one pass computes: rows of tokens, one or more a sequence. Generated code reads it; pointers are valid during the pass.
/// </summary>
public sealed unsafe class Batch
{
    private readonly int _maxRows;
    private float* _arena;

    internal Batch(int maxRows) => _maxRows = maxRows;

    /// <summary>Number of tokens, over all sequences.</summary>
    public int Rows { get; internal set; }

    /// <summary>The id of each row's token; null when the model's input is vectors.</summary>
    public int* Tokens { get; internal set; }

    /// <summary>The type of each row's token (a pair's first or second text); null when the model knows none.</summary>
    public int* TokenTypes { get; internal set; }

    /// <summary>The position of each row's token in its sequence.</summary>
    public int* Positions { get; internal set; }

    /// <summary>The input of a model that takes vectors, <c>[rows, width padded to 16]</c>; else null.</summary>
    public float* Vectors { get; internal set; }

    /// <summary>Number of sequences.</summary>
    public int SequenceCount { get; internal set; }

    /// <summary>The rows of each sequence.</summary>
    public SequenceRows* Sequences { get; internal set; }

    /// <summary>Number of rows that something is wanted of.</summary>
    public int Outputs { get; internal set; }

    /// <summary>Which rows those are, ascending.</summary>
    public int* OutputRows { get; internal set; }

    /// <summary>What is wanted of them.</summary>
    public PassOutput Wanted { get; internal set; }

    /// <summary>Where it goes, <c>[outputs, stride of what is wanted]</c>.</summary>
    public float* Result { get; internal set; }

    /// <summary>
    /// Where a decoder's pass puts its cross-attention weights, <c>[decoder layers, heads, rows, memory positions padded to 64]</c>; null
    /// when they are not wanted. Such a pass has one sequence.
    /// </summary>
    public float* AttentionWeights { get; internal set; }

    internal void SetArena(float* arena) => _arena = arena;

    /// <summary>An activation buffer: the plan gives its place as floats a row before it.</summary>
    public float* Buffer(int floatsBefore) => _arena + (long)floatsBefore * _maxRows;
}
