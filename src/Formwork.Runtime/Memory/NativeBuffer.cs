using System.Runtime.InteropServices;

namespace Formwork.Runtime.Memory;

/// <summary>
/// Zeroed float32 memory outside the garbage-collected heap, aligned to 64 bytes (one cache line, one 512-bit vector). Large blocks come
/// from the system as untouched pages, so memory that is never written is never used.
/// </summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private const int AlignmentBytes = 64;
    private void* _allocation;
    private float* _pointer;

    /// <summary>Allocates <paramref name="length"/> floats, all zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _allocation = NativeMemory.AllocZeroed(checked((nuint)length * sizeof(float) + AlignmentBytes));
        _pointer = (float*)(((nuint)_allocation + AlignmentBytes - 1) & ~(nuint)(AlignmentBytes - 1));
    }

    /// <summary>Number of floats.</summary>
    public long Length { get; }

    /// <summary>The first float. Valid until disposal.</summary>
    /// <exception cref="ObjectDisposedException">The memory has been freed.</exception>
    public float* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer is null, this);
            return _pointer;
        }
    }

    /// <summary>A view of <paramref name="length"/> floats from <paramref name="start"/>. Valid until disposal.</summary>
    /// <exception cref="ObjectDisposedException">The memory has been freed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the buffer.</exception>
    public Span<float> AsSpan(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new Span<float>(Pointer + start, length);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory of a buffer that nobody disposed.</summary>
    ~NativeBuffer() => Free();

    private void Free()
    {
        void* allocation = _allocation;
        _allocation = null;
        _pointer = null;
        if (allocation is not null)
            NativeMemory.Free(allocation);
    }
}
