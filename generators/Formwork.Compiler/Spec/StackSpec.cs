using Formwork.Compiler.Text;

namespace Formwork.Compiler.Spec;

/// <summary>A stack of layers over one residual stream.</summary>
/// <param name="Context">The most positions a sequence can have, <c>context:</c>.</param>
/// <param name="Positions">How the stack as a whole knows positions; rotary positions are in each layer's attention.</param>
/// <param name="Layers">One entry a layer, groups expanded.</param>
/// <param name="FinalNorm">The norm after the last layer; null where there is none (post-norm).</param>
public sealed record StackSpec(
    int Context,
    PositionsSpec Positions,
    EquatableArray<LayerSpec> Layers,
    NormSpec? FinalNorm)
{
    /// <summary>Whether the stack is given vectors and not token ids (<c>input: vectors</c>): what a front end outside the model makes of sound or pictures.</summary>
    public bool TakesVectors { get; init; }

    /// <summary>The norm of the embedding, after positions are added; null for none (BERT and BLOOM have one).</summary>
    public NormSpec? EmbeddingNorm { get; init; }
}
