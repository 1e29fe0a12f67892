using System.Runtime.InteropServices;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>
/// libtorch takes the memory of every result from the C library and gives it back, which for large ones means the system, page by page. Its
/// users put another allocator in its place, or tell this one to keep what it has; so the races do.
/// </summary>
internal static partial class LibtorchAllocator
{
    // mallopt(3): never give the top of the heap back; take large blocks from the heap too.
    private const int TrimThreshold = -1, MostMappings = -4;

    /// <summary>From now on freed memory stays in the process.</summary>
    public static void KeepMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Set(TrimThreshold, int.MaxValue);
        Set(MostMappings, 0);
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int parameter, int value);
}
