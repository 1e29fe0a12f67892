using Formwork.Runtime.Tokenization;
using Formwork.Runtime.Weights;

namespace Formwork.Runtime.Models;

/// <summary>What a compiled model is: its architecture in numbers, as the compiler planned it.</summary>
public sealed record ModelDescription
{
    /// <summary>The model's name in its spec.</summary>
    public required string Name { get; init; }

    /// <summary>Which stacks it has.</summary>
    public ModelArchitecture Architecture { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Number of token ids of a source; 0 where sources have the same ids as targets.</summary>
    public int SourceVocabulary { get; init; }

    /// <summary>Number of token types that an encoder tells apart; 0 for none.</summary>
    public int TokenTypes { get; init; }

    /// <summary>Whether an encoder's input is vectors of <see cref="Width"/> numbers instead of token ids.</summary>
    public bool VectorInput { get; init; }

    /// <summary>The most positions a sequence can have; of an encoder-decoder model, a target.</summary>
    public required int Context { get; init; }

    /// <summary>The most positions a source can have; 0 for models without one.</summary>
    public int SourceContext { get; init; }

    /// <summary>Whether positions have no end of their own (T5's distances, ALiBi), so that the contexts are only what the spec says.</summary>
    public bool EndlessPositions { get; init; }

    /// <summary>What to do about a sequence that is longer than its context: each family's own rule.</summary>
    internal string TooLongRemedy => EndlessPositions
        ? "Shorten or split the text, or write a greater `context:` in the spec: the model's positions have no end."
        : "Shorten or split the text: the model has no positions beyond its context.";

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Number of layers, over both stacks.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of decoder layers of an encoder-decoder model, each with cross-attention; else 0.</summary>
    public int DecoderLayers { get; init; }

    /// <summary>Number of cross-attention heads a decoder layer of an encoder-decoder model; else 0.</summary>
    public int Heads { get; init; }

    /// <summary>Number of learned numbers.</summary>
    public required long Parameters { get; init; }

    /// <summary>Floating-point operations that the products of one token cost, attention over earlier tokens not counted; a multiply-add is two.</summary>
    public required long FlopsPerToken { get; init; }

    /// <summary>Floats of activations a token of a pass; of several kinds of pass, the one that needs the most.</summary>
    public required int ActivationFloats { get; init; }

    /// <summary>Floats of one row of logits: the vocabulary, padded; 0 for a model that gives none.</summary>
    public required int LogitStride { get; init; }

    /// <summary>Floats of one row of states: the width, padded; 0 for a model that does not give its states.</summary>
    public int HiddenStride { get; init; }

    /// <summary>Floats of one row of the pooler's output: the width, padded; 0 without a pooler.</summary>
    public int PooledStride { get; init; }

    /// <summary>Number of labels that the classifier tells apart; 0 without one.</summary>
    public int Labels { get; init; }

    /// <summary>Floats of one row of labels' logits: their number, padded.</summary>
    public int LabelStride { get; init; }

    /// <summary>Floats of keys and values that a position of a sequence has, in all layers.</summary>
    public int CachePositionFloats { get; init; }

    /// <summary>Floats a position of each contiguous part of the keys and values, in order; see <see cref="SequenceRows"/>.</summary>
    public IReadOnlyList<int> CacheSegments { get; init; } = [];

    /// <summary>The same for the cross-attention's keys and values of a source.</summary>
    public IReadOnlyList<int> MemorySegments { get; init; } = [];

    /// <summary>Floats of keys and values that a position has in that layer of an encoder which needs the most.</summary>
    public int ScratchPositionFloats { get; init; }

    /// <summary>Whether the encoder has a head that says which token a masked one was.</summary>
    public bool HasMaskedLanguageModel { get; init; }

    /// <summary>Whether the encoder has a pooler over its first token.</summary>
    public bool HasPooler { get; init; }

    /// <summary>What an encoder's embedding of a text is.</summary>
    public PoolingDescription Pooling { get; init; } = new(PoolingKind.Mean, Normalize: true);

    /// <summary>How the model's authors generate with it.</summary>
    public GenerationDefaults Generation { get; init; } = new();

    /// <summary>Floats of tables computed at load: sines and cosines of positions.</summary>
    public required long TableFloats { get; init; }

    /// <summary>Where a checkpoint has the parameters and where the kernels want them.</summary>
    public required WeightTable Weights { get; init; }

    /// <summary>How text becomes token ids.</summary>
    public required TokenizerDescription Tokenizer { get; init; }

    /// <summary>Writes out segments that are given as runs of equal ones.</summary>
    public static int[] Segments(params ReadOnlySpan<(int Count, int Floats)> runs)
    {
        var segments = new List<int>();
        foreach ((int count, int floats) in runs)
            segments.AddRange(Enumerable.Repeat(floats, count));
        return [.. segments];
    }
}
