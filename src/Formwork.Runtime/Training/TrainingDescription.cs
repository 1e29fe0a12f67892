namespace Formwork.Runtime.Training;

/// <summary>What a compiled model needs for training, as the compiler planned it. Gradients lie as the packed weights do.</summary>
public sealed record TrainingDescription
{
    /// <summary>Floats of saved activations and gradients a row of the target (of the only stack, where there is one).</summary>
    public required int RowFloats { get; init; }

    /// <summary>The same a row of the source; 0 where there is none.</summary>
    public int SourceRowFloats { get; init; }

    /// <summary>Floats a row of a chunk of the head, logits among them.</summary>
    public required int HeadRowFloats { get; init; }

    /// <summary>Rows that the head is computed for at a time.</summary>
    public required int HeadRows { get; init; }

    /// <summary>Floats of scratch of each worker.</summary>
    public long ScratchFloats { get; init; }

    /// <summary>Floats of shared scratch for each 64 rows.</summary>
    public int SharedFloats { get; init; }

    /// <summary>Floating-point operations of forward and backward a token, attention to others not counted.</summary>
    public long FlopsPerToken { get; init; }

    /// <summary>Whether the loss is on each sequence's label instead of on tokens.</summary>
    public bool ClassifiesSequences { get; init; }

    /// <summary>Number of classes that the loss tells apart: the vocabulary, or the labels.</summary>
    public required int Classes { get; init; }
}
