using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>The weights of an attention part and of the norm after it.</summary>
/// <param name="Projection">Query, key and value, or those of them that have the same rows as input, one below the other: (outputs, width).</param>
/// <param name="ProjectionBias">(outputs).</param>
/// <param name="Output">(width, width).</param>
/// <param name="OutputBias">(width).</param>
/// <param name="Gain">(width).</param>
/// <param name="Bias">(width).</param>
public sealed record LibtorchAttention(Tensor Projection, Tensor ProjectionBias, Tensor Output, Tensor OutputBias, Tensor Gain, Tensor Bias);
