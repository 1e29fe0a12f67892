namespace Formwork.Runtime.Models;

/// <summary>What a pass writes to <see cref="Batch.Result"/> for each of its output rows.</summary>
public enum PassOutput
{
    /// <summary>A logit a token of the vocabulary; rows of <see cref="ModelDescription.LogitStride"/> floats.</summary>
    Logits,

    /// <summary>The states after the last layer; rows of <see cref="ModelDescription.HiddenStride"/> floats.</summary>
    HiddenStates,

    /// <summary>The pooler's output for a sequence's first token; rows of <see cref="ModelDescription.PooledStride"/> floats.</summary>
    Pooled,

    /// <summary>The classifier's logits for a sequence's first token; rows of <see cref="ModelDescription.LabelStride"/> floats.</summary>
    Labels,
}
