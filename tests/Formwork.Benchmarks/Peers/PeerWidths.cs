using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Formwork.Benchmarks.Peers;

/// <summary>Holds libtorch and its libraries to the vector width that .NET is held to, so that a table of narrower vectors compares like with like.</summary>
internal static partial class PeerWidths
{
    /// <summary>Call before libtorch is loaded: it reads these variables once.</summary>
    public static void Apply()
    {
        if (Vector512.IsHardwareAccelerated || !OperatingSystem.IsLinux())
            return;
        var narrowest = !Vector256.IsHardwareAccelerated;
        SetVariable("ATEN_CPU_CAPABILITY", narrowest ? "default" : "avx2", 1);
        SetVariable("MKL_ENABLE_INSTRUCTIONS", narrowest ? "SSE4_2" : "AVX2", 1);
        SetVariable("ONEDNN_MAX_CPU_ISA", narrowest ? "SSE41" : "AVX2", 1);
    }

    // Environment.SetEnvironmentVariable changes .NET's copy only, and native libraries read the process's.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
