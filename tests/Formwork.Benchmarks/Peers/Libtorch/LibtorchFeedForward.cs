using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>The weights of a feed-forward part and of the norm after it.</summary>
/// <param name="Up">(feed-forward width, width).</param>
/// <param name="UpBias">(feed-forward width).</param>
/// <param name="Down">(width, feed-forward width).</param>
/// <param name="DownBias">(width).</param>
/// <param name="Gain">(width).</param>
/// <param name="Bias">(width).</param>
public sealed record LibtorchFeedForward(Tensor Up, Tensor UpBias, Tensor Down, Tensor DownBias, Tensor Gain, Tensor Bias);
