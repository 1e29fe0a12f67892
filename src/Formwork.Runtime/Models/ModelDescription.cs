using Formwork.Runtime.Tokenization;
using Formwork.Runtime.Weights;

namespace Formwork.Runtime.Models;

/// <summary>What a compiled model is: its architecture in numbers, as the compiler planned it.</summary>
public sealed record ModelDescription
{
    /// <summary>The model's name in its spec.</summary>
    public required string Name { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The most positions a sequence can have.</summary>
    public required int Context { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of learned numbers.</summary>
    public required long Parameters { get; init; }

    /// <summary>Floating-point operations that the products of one token cost, attention over earlier tokens not counted; a multiply-add is two.</summary>
    public required long FlopsPerToken { get; init; }

    /// <summary>Floats of activations a token of a pass.</summary>
    public required int ActivationFloats { get; init; }

    /// <summary>Floats of key/value cache a sequence, for the whole context.</summary>
    public required long CacheFloats { get; init; }

    /// <summary>Floats of one row of logits: the vocabulary, padded.</summary>
    public required int LogitStride { get; init; }

    /// <summary>Floats of tables computed at load: sines and cosines of positions.</summary>
    public required long TableFloats { get; init; }

    /// <summary>Where a checkpoint has the parameters and where the kernels want them.</summary>
    public required WeightTable Weights { get; init; }

    /// <summary>How text becomes token ids.</summary>
    public required TokenizerDescription Tokenizer { get; init; }
}
