namespace Formwork.Compiler.Spec;

/// <summary>The token embedding, <c>embedding:</c>.</summary>
/// <param name="Scale">What the embedded vector is multiplied by; 1, or the square root of the width (Vaswani et al. 2017, section 3.4).</param>
public sealed record EmbeddingSpec(double Scale)
{
    /// <summary>Number of token types, each with a vector that is added (BERT's segments); 0 for none.</summary>
    public int TokenTypes { get; init; }

    /// <summary>Whether encoder and decoder have one table.</summary>
    public bool Shared { get; init; } = true;
}
