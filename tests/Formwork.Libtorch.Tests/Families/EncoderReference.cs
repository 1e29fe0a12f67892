using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>An encoder-only family.</summary>
public abstract class EncoderReference(string name, JsonObject config) : FamilyReference(name, config)
{
    /// <summary>Whether a token has a type; where not, types are passed and not looked at.</summary>
    public virtual bool HasTypes => false;

    /// <summary>Whether the input is rows of the model's width from a front end, and not ids.</summary>
    public virtual bool TakesVectors => false;

    /// <summary>Whether the checkpoint has a pooler.</summary>
    public virtual bool HasPooler => false;

    /// <summary>Whether the checkpoint has a masked-language-model head.</summary>
    public virtual bool HasMaskedLanguageModel => false;

    /// <summary>Whether the checkpoint has a classifier.</summary>
    public virtual bool HasLabels => false;

    /// <summary>Random sequences of these lengths that such a model takes.</summary>
    public virtual EncoderInputs Inputs(int seed, params int[] lengths) =>
        EncoderInputs.OfTokens(Config.Integer("vocab_size"), HasTypes ? 2 : 1, seed, lengths);

    /// <summary>The last layer's output for whole sequences, in the weights' number type. Padding stands behind a sequence.</summary>
    /// <param name="weights">The tensors that <see cref="FamilyReference.Tensors"/> names.</param>
    /// <param name="input">Ids, <c>[batch, length]</c>, int64; or rows, <c>[batch, length, width]</c>.</param>
    /// <param name="mask">1 for a token, 0 for padding, <c>[batch, length]</c>, int64.</param>
    /// <param name="types">Token types, <c>[batch, length]</c>, int64.</param>
    /// <returns><c>[batch, length, width]</c>; that of padding means nothing.</returns>
    public abstract Tensor HiddenStates(TinyWeights weights, Tensor input, Tensor mask, Tensor types);

    /// <summary>The pooler's output, <c>[batch, width]</c>, of <see cref="HiddenStates"/>.</summary>
    public virtual Tensor Pooled(TinyWeights weights, Tensor states) => throw new NotSupportedException($"{Name} has no pooler");

    /// <summary>The masked-language-model head's logits, <c>[batch, length, vocabulary]</c>, of <see cref="HiddenStates"/>.</summary>
    public virtual Tensor MaskedLanguageModelLogits(TinyWeights weights, Tensor states) =>
        throw new NotSupportedException($"{Name} has no masked-language-model head");

    /// <summary>The classifier's logits, <c>[batch, labels]</c>, of <see cref="HiddenStates"/>.</summary>
    public virtual Tensor Labels(TinyWeights weights, Tensor states) => throw new NotSupportedException($"{Name} has no classifier");
}
