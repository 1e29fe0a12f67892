namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>The weights of an encoder's layer.</summary>
/// <param name="Attention">Query, key and value in one.</param>
/// <param name="FeedForward">The other part.</param>
public sealed record LibtorchEncoderLayer(LibtorchAttention Attention, LibtorchFeedForward FeedForward);
