namespace Formwork.Compiler.Ops;

/// <summary>What a token's attention may see.</summary>
public enum AttentionMask
{
    /// <summary>Itself and earlier tokens, from the cache.</summary>
    Causal,

    /// <summary>All tokens of its sequence.</summary>
    Bidirectional,

    /// <summary>All tokens of the source, from the memory.</summary>
    Memory,
}
