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

    /// <summary>The id of each row's token.</summary>
    public int* Tokens { get; internal set; }

    /// <summary>The position of each row's token in its sequence.</summary>
    public int* Positions { get; internal set; }

    /// <summary>Number of sequences.</summary>
    public int SequenceCount { get; internal set; }

    /// <summary>The rows of each sequence.</summary>
    public SequenceRows* Sequences { get; internal set; }

    /// <summary>Number of rows whose logits are wanted.</summary>
    public int Outputs { get; internal set; }

    /// <summary>Which rows those are, ascending.</summary>
    public int* OutputRows { get; internal set; }

    /// <summary>Where the logits go, <c>[outputs, logit stride]</c>.</summary>
    public float* Logits { get; internal set; }

    internal void SetArena(float* arena) => _arena = arena;

    /// <summary>An activation buffer: the plan gives its place as floats a row before it.</summary>
    public float* Buffer(int floatsBefore) => _arena + (long)floatsBefore * _maxRows;
}
