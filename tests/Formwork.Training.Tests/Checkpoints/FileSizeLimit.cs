using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Formwork.Training.Tests.Checkpoints;

/// <summary>
/// Lets no file of this process grow beyond a size (<c>RLIMIT_FSIZE</c>): writing more fails part of the way, as it does on a full disk. Linux and macOS.
/// </summary>
internal static class FileSizeLimit
{
    private const int FileSize = 1, ExceededSignal = 25;
    private const nint Ignore = 1;

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Current, Most;
    }

    /// <summary>Sets it; null for none. The most it may be stays, so that it can be lifted again.</summary>
    public static void Set(ulong? bytes)
    {
        // Unless it is ignored, the signal ends the process.
        signal(ExceededSignal, Ignore);
        Check(getrlimit(FileSize, out Limits limits));
        limits.Current = bytes ?? limits.Most;
        Check(setrlimit(FileSize, in limits));
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new Win32Exception();
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int getrlimit(int resource, out Limits limits);

    [DllImport("libc", SetLastError = true)]
    private static extern int setrlimit(int resource, in Limits limits);

    [DllImport("libc", SetLastError = true)]
    private static extern nint signal(int number, nint handler);
}
