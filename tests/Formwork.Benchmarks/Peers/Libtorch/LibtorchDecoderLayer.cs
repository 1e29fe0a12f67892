using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>The weights of a layer of an encoder-decoder's decoder.</summary>
/// <param name="Attention">Attention of the target to itself: query, key and value in one.</param>
/// <param name="CrossAttention">Attention to the source: the query.</param>
/// <param name="SourceKeyValue">Key and value over the source's states, (2·width, width).</param>
/// <param name="SourceKeyValueBias">(2·width).</param>
/// <param name="FeedForward">The last part.</param>
public sealed record LibtorchDecoderLayer(
    LibtorchAttention Attention, LibtorchAttention CrossAttention, Tensor SourceKeyValue, Tensor SourceKeyValueBias, LibtorchFeedForward FeedForward);
