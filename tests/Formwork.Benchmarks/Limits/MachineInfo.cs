using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Formwork.Benchmarks.Limits;

/// <summary>What a table of results says about the machine and the process that made it.</summary>
public sealed record MachineInfo(string Processor, int Processors, double MemoryGigabytes, string VectorWidth, string Framework, string System, string Date)
{
    /// <summary>Describes the running process.</summary>
    public static MachineInfo Current() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9,
        CurrentVectorWidth(),
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC");

    /// <summary>The widest vectors that this process uses; <c>DOTNET_EnableAVX512=0</c> and <c>DOTNET_EnableAVX2=0</c> narrow them.</summary>
    public static string CurrentVectorWidth() =>
        Vector512.IsHardwareAccelerated ? "512 bits" : Vector256.IsHardwareAccelerated ? "256 bits" : "128 bits";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Processors} processors, {MemoryGigabytes:F0} GB, vectors of {VectorWidth}, {Framework}, {System}, {Date}");

    // "AMD EPYC" alone says little, so family and model follow.
    private static string ProcessorName()
    {
        const string info = "/proc/cpuinfo";
        if (!File.Exists(info))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();

        var values = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(info).TakeWhile(line => line.Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                values[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        return $"{values.GetValueOrDefault("model name", "unknown")} (family {values.GetValueOrDefault("cpu family", "?")}, model {values.GetValueOrDefault("model", "?")})";
    }
}
