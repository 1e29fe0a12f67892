using System.Runtime.InteropServices;

namespace Formwork.Benchmarks.Peers.LlamaCpp;

/// <summary>
/// llama.h's <c>llama_context_params</c> of the packaged release (0.5.0), as far as it is set here; it is always taken from
/// <c>llama_context_default_params</c>. Larger than theirs: it goes by value on the stack and comes back through a pointer, so room behind it is harmless.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 512)]
internal struct LlamaContextParameters
{
    [FieldOffset(0)]
    public uint Context;

    [FieldOffset(4)]
    public uint Batch;

    [FieldOffset(8)]
    public uint MicroBatch;

    [FieldOffset(12)]
    public uint Sequences;

    [FieldOffset(28)]
    public int Threads;

    [FieldOffset(32)]
    public int BatchThreads;

    [FieldOffset(52)]
    public int FlashAttention;

    [FieldOffset(104)]
    public int KeyType;

    [FieldOffset(108)]
    public int ValueType;

    /// <summary>Whether the default values stand where they should: no other release's layout does this.</summary>
    public readonly bool IsTheKnownLayout =>
        this is { Context: 512, Batch: 2048, MicroBatch: 512, Sequences: 1, Threads: > 0, FlashAttention: -1, KeyType: 1, ValueType: 1 }
        && BatchThreads == Threads;
}
