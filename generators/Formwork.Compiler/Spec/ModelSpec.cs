using Formwork.Compiler.Layouts;

namespace Formwork.Compiler.Spec;

/// <summary>
/// What the user said about a model, resolved: defaults are filled in, groups of layers expanded, overrides applied.
/// It holds no positions (those are in <see cref="SourceMap"/>), so two specs are equal exactly when they mean the same model,
/// and a comment or a moved line changes nothing downstream.
/// </summary>
/// <param name="Name">The C# type, <c>model:</c>.</param>
/// <param name="Architecture">Which stacks there are.</param>
/// <param name="Vocabulary">Number of token ids, <c>vocabulary:</c>; the target's, where the source has its own.</param>
/// <param name="Width">Width of the residual stream, <c>width:</c>.</param>
/// <param name="Embedding">The token embedding.</param>
/// <param name="Encoder">The bidirectional stack; null in a decoder-only model.</param>
/// <param name="Decoder">The causal stack; null in an encoder-only model.</param>
/// <param name="Unembedding">The linear map from residual stream to logits; null in an encoder without a language-model head.</param>
/// <param name="Weights">Which tensor names and orders a checkpoint has.</param>
/// <param name="Tokenizer">How text becomes token ids.</param>
public sealed record ModelSpec(
    string Name,
    Architecture Architecture,
    int Vocabulary,
    int Width,
    EmbeddingSpec Embedding,
    StackSpec? Encoder,
    StackSpec? Decoder,
    UnembeddingSpec? Unembedding,
    WeightLayout Weights,
    TokenizerSpec Tokenizer)
{
    /// <summary>Number of the source's token ids, <c>source_vocabulary:</c>; null when source and target share one vocabulary.</summary>
    public int? SourceVocabulary { get; init; }

    /// <summary>What an encoder makes of a sequence's first token; null for nothing.</summary>
    public PoolerSpec? Pooler { get; init; }

    /// <summary>An encoder's classifier; null for none.</summary>
    public ClassifierSpec? Classifier { get; init; }

    /// <summary>How an encoder's states become one vector a text.</summary>
    public PoolingSpec Pooling { get; init; } = new(PoolingKind.Mean, Normalize: true);

    /// <summary>How generating goes when the caller does not say.</summary>
    public GenerationSpec Generation { get; init; } = new();

    /// <summary>What the model needs for learning; null for a model that is compiled for inference only.</summary>
    public TrainingSpec? Training { get; init; }

    /// <summary>What stands before the names of a stack's parameters: nothing where there is one stack.</summary>
    public string Path(StackSpec stack) => Architecture != Architecture.EncoderDecoder ? "" : ReferenceEquals(stack, Encoder) ? "encoder." : "decoder.";
}
