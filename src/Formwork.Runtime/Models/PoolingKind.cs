namespace Formwork.Runtime.Models;

/// <summary>How one vector is made of a sequence's states.</summary>
public enum PoolingKind
{
    /// <summary>The mean over all tokens (Reimers and Gurevych 2019, section 3).</summary>
    Mean,

    /// <summary>The first token's state, which BERT's <c>[CLS]</c> is.</summary>
    First,
}
