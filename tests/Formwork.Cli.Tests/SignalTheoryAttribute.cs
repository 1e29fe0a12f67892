using System.Globalization;
using Xunit;

namespace Formwork.Cli.Tests;

/// <summary>A theory that sends signals, and is skipped where they cannot arrive: on Windows, and where the starter of the tests ignores Ctrl-C.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SignalTheoryAttribute : TheoryAttribute
{
    private const ulong InterruptBit = 1UL << (2 - 1);

    public SignalTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "no signals on Windows" : IgnoresInterrupts() ? "SIGINT is ignored here" : null;

    // A child inherits what its parent ignores: tests started in the background never see Ctrl-C.
    private static bool IgnoresInterrupts()
    {
        const string Status = "/proc/self/status", Key = "SigIgn:";
        if (!File.Exists(Status))
            return false;
        string? line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is not null && (ulong.Parse(line[Key.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & InterruptBit) != 0;
    }
}
