using System.Runtime.InteropServices;

namespace Formwork.Runtime.Memory;

/// <summary>
/// Zeroed float32 memory outside the garbage-collected heap, aligned to 64 bytes (one cache line, one 512-bit vector). Large blocks come
/// from the system as untouched pages, so memory that is never written is never used.
/// </summary>
public sealed unsafe partial class NativeBuffer : IDisposable
{
    private const int AlignmentBytes = 64;
    private const nuint HugePageBytes = 2 << 20;
    private void* _allocation;
    private float* _pointer;

    /// <summary>Allocates <paramref name="length"/> floats, all zero.</summary>
    /// <param name="length">How many.</param>
    /// <param name="filled">Whether all of them will be written soon, so that the system may give the memory in larger pages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public NativeBuffer(long length, bool filled = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _allocation = NativeMemory.AllocZeroed(checked((nuint)length * sizeof(float) + AlignmentBytes));
        _pointer = (float*)(((nuint)_allocation + AlignmentBytes - 1) & ~(nuint)(AlignmentBytes - 1));
        if (filled)
            AskForHugePages((nuint)_pointer, (nuint)length * sizeof(float));
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

    // Linux clears and maps 2 MiB at a touch instead of 4 KiB if asked, which halves the time that filling a large block takes. It is only a
    // wish: where it cannot be granted nothing is lost.
    private static void AskForHugePages(nuint start, nuint bytes)
    {
        nuint first = (start + HugePageBytes - 1) & ~(HugePageBytes - 1), end = (start + bytes) & ~(HugePageBytes - 1);
        if (!OperatingSystem.IsLinux() || first >= end)
            return;
        try
        {
            _ = AdviseMemory((void*)first, end - first, AdviceHugePage);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
        }
    }

    // MADV_HUGEPAGE of madvise(2).
    private const int AdviceHugePage = 14;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseMemory(void* start, nuint bytes, int advice);

    private void Free()
    {
        void* allocation = _allocation;
        _allocation = null;
        _pointer = null;
        if (allocation is not null)
            NativeMemory.Free(allocation);
    }
}
