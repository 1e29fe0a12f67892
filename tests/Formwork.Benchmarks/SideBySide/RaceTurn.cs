namespace Formwork.Benchmarks.SideBySide;

/// <summary>One turn of one contender.</summary>
/// <param name="Elapsed">What the work took.</param>
/// <param name="Output">What it gave, for comparison.</param>
internal readonly record struct RaceTurn(TimeSpan Elapsed, float[] Output);
