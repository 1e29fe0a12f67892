using Formwork.Benchmarks.Limits;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>What one row's race gave.</summary>
/// <param name="Name">The row's name.</param>
/// <param name="Threads">Threads of every contender.</param>
/// <param name="Limits">The machine's limits around the race.</param>
/// <param name="LimitPerSecond">The row's limit there.</param>
/// <param name="PerSecond">Tokens or sequences a second, by contender.</param>
/// <param name="Disagreement">The largest difference of any contender's last output from the first contender's, relative to the largest number there.</param>
public sealed record RowResult(
    string Name,
    int Threads,
    MachineLimits Limits,
    double LimitPerSecond,
    IReadOnlyDictionary<string, Samples> PerSecond,
    double Disagreement);
