namespace Formwork.Benchmarks.SideBySide;

/// <summary>What one row's steps gave.</summary>
/// <param name="Row">Tokens a second, and the limits around.</param>
/// <param name="Parts">What the parts of a step took, by contender.</param>
internal sealed record TrainingResult(RowResult Row, IReadOnlyDictionary<string, TrainingParts> Parts);
