using System.Runtime.InteropServices;

namespace Formwork.TestSupport.Libtorch;

/// <summary>Makes TorchSharp's native library loadable on systems with an older libstdc++. Call before the first use of TorchSharp.</summary>
public static class LibtorchLoader
{
    // TorchSharp 0.107 asks for libstdc++'s version GLIBCXX_3.4.32 for one marker symbol that nothing calls.
    // Debian 12 has 3.4.30, so its loader refuses; with symbol and version optional the library works there.
    private const string MarkerSymbol = "_ZSt21ios_base_library_initv";
    private const string MarkerVersion = "GLIBCXX_3.4.32";

    private static readonly Lazy<string?> PreparedReason = new(PrepareOnce);

    /// <summary>Why libtorch cannot be used here, for a test's skip message; null when it can.</summary>
    public static string? UnavailableReason => PreparedReason.Value;

    /// <summary>Weakens the output folder's copy of TorchSharp's native library where that is needed; the package cache stays untouched.</summary>
    /// <returns>Whether libtorch can be used on this system.</returns>
    public static bool Prepare() => PreparedReason.Value is null;

    private static string? PrepareOnce()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return $"TorchSharp has no native library for Linux on {RuntimeInformation.ProcessArchitecture}";

        var folders = new[] { AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native") };
        var library = folders.Select(folder => Path.Combine(folder, "libLibTorchSharp.so")).FirstOrDefault(File.Exists);
        if (library is null)
            return "libLibTorchSharp.so is not in the output folder";

        var image = File.ReadAllBytes(library);
        if (WeakSymbol.Mark(image, MarkerSymbol, MarkerVersion))
            Replace(library, image);
        return null;
    }

    // The file may be a hard link into the package cache, and another process may be loading it:
    // so a new file takes its name in one step, and the old one's content is never written to.
    private static void Replace(string path, byte[] content)
    {
        var replacement = $"{path}.{Environment.ProcessId}";
        File.WriteAllBytes(replacement, content);
        File.Move(replacement, path, overwrite: true);
    }
}
