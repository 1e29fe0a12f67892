using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>What one row's race gave.</summary>
/// <param name="Row">The work.</param>
/// <param name="Threads">Threads of every contender.</param>
/// <param name="Limits">The machine's limits around the race.</param>
/// <param name="TokensPerSecond">By contender.</param>
/// <param name="Disagreement">The largest difference of any contender's last logits from the first contender's, relative to the largest logit.</param>
public sealed record RowResult(
    WorkRow Row,
    int Threads,
    MachineLimits Limits,
    IReadOnlyDictionary<string, Samples> TokensPerSecond,
    double Disagreement);
