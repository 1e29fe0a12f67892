using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>A decoder-only family.</summary>
public abstract class DecoderReference(string name, JsonObject config) : FamilyReference(name, config)
{
    /// <summary>
    /// One pass over whole sequences, in the weights' number type. Padding may stand on either side of a sequence; a token's position is the
    /// number of tokens before it.
    /// </summary>
    /// <param name="weights">The tensors that <see cref="FamilyReference.Tensors"/> names.</param>
    /// <param name="tokens">Ids, <c>[batch, length]</c>, int64.</param>
    /// <param name="mask">1 for a token, 0 for padding, <c>[batch, length]</c>, int64.</param>
    /// <returns>Logits, <c>[batch, length, vocabulary]</c>; those of padding mean nothing.</returns>
    public abstract Tensor Logits(TinyWeights weights, Tensor tokens, Tensor mask);
}
