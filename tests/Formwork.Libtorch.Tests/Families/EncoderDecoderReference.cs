using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>An encoder-decoder family.</summary>
public abstract class EncoderDecoderReference(string name, JsonObject config) : FamilyReference(name, config)
{
    /// <summary>Whether the source is rows of the model's width from a front end, and not ids.</summary>
    public virtual bool TakesVectors => false;

    /// <summary>Ids that a source can have.</summary>
    public virtual int SourceVocabulary => Config.Integer("vocab_size");

    /// <summary>Ids that a target can have.</summary>
    public virtual int TargetVocabulary => Config.Integer("vocab_size");

    /// <summary>The decoder's first token.</summary>
    public virtual int Start => Config.Integer("decoder_start_token_id");

    /// <summary>Random sources of these lengths that such a model takes.</summary>
    public EncoderInputs Sources(int seed, params int[] lengths) => TakesVectors
        ? EncoderInputs.OfRows(Config.Integer("d_model"), seed, lengths)
        : EncoderInputs.OfTokens(SourceVocabulary, 1, seed, lengths);

    /// <summary>What the decoder attends to, in the weights' number type.</summary>
    /// <param name="weights">The tensors that <see cref="FamilyReference.Tensors"/> names.</param>
    /// <param name="source">Ids, <c>[batch, length]</c>, int64, padding behind them; or rows, <c>[batch, length, width]</c>.</param>
    /// <param name="sourceMask">1 for a token, 0 for padding, <c>[batch, length]</c>, int64.</param>
    /// <returns><c>[batch, length, width]</c>; that of padding means nothing.</returns>
    public abstract Tensor Encode(TinyWeights weights, Tensor source, Tensor sourceMask);

    /// <summary>One pass of the decoder over whole targets.</summary>
    /// <param name="weights">As for <see cref="Encode"/>.</param>
    /// <param name="memory">The result of <see cref="Encode"/>.</param>
    /// <param name="sourceMask">As for <see cref="Encode"/>.</param>
    /// <param name="target">Ids, <c>[batch, target length]</c>, int64, the start token included. No padding: nothing looks ahead.</param>
    public abstract DecoderPass Decode(TinyWeights weights, Tensor memory, Tensor sourceMask, Tensor target);

    /// <summary>Encoder and decoder: logits <c>[batch, target length, vocabulary]</c>.</summary>
    public Tensor Logits(TinyWeights weights, Tensor source, Tensor sourceMask, Tensor target) =>
        Decode(weights, Encode(weights, source, sourceMask), sourceMask, target).Logits;
}
