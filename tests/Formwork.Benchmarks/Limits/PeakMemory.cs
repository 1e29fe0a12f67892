using System.Globalization;

namespace Formwork.Benchmarks.Limits;

/// <summary>The most memory that this process held, all its libraries included, as Linux counts it (proc(5), <c>VmHWM</c>).</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status", Clear = "/proc/self/clear_refs";

    /// <summary>Whether this system tells.</summary>
    public static bool IsKnown => File.Exists(Status);

    /// <summary>The most so far.</summary>
    public static long Bytes
    {
        get
        {
            var line = File.ReadLines(Status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Counts anew from what the process holds now.</summary>
    public static void Reset() => File.WriteAllText(Clear, "5");
}
