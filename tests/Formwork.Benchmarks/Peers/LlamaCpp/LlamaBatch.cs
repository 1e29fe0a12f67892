using System.Runtime.InteropServices;

namespace Formwork.Benchmarks.Peers.LlamaCpp;

/// <summary>llama.h's <c>llama_batch</c>. Null positions: they follow on. Null logits: the last token's only.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LlamaBatch
{
    public int TokenCount;
    public int* Tokens;
    public float* Embeddings;
    public int* Positions;
    public int* SequenceCounts;
    public int** Sequences;
    public sbyte* Logits;
}
