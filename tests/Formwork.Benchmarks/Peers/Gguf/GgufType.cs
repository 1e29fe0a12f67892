namespace Formwork.Benchmarks.Peers.Gguf;

/// <summary>How a GGUF file stores a tensor's numbers; the values are ggml's.</summary>
public enum GgufType
{
    /// <summary>32-bit floats.</summary>
    F32 = 0,

    /// <summary>16-bit floats.</summary>
    F16 = 1,
}
