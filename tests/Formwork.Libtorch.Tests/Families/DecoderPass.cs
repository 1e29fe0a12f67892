using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>What a decoder with cross-attention gives.</summary>
/// <param name="Logits"><c>[batch, target length, vocabulary]</c>.</param>
/// <param name="CrossAttention">A layer's weights over the source, <c>[batch, heads, target length, source length]</c>; padding's are 0.</param>
public sealed record DecoderPass(Tensor Logits, IReadOnlyList<Tensor> CrossAttention);
