using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Steps of a source's targets; tokens of all targets are counted. The source is encoded before.</summary>
internal sealed class StepWork(StepRow row) : IRaceWork<ITranslatorContender>
{
    private readonly int[] _source = RandomTokens.Draw(row.Shape.Vocabulary, StepRow.SourceTokens);
    private readonly int[][] _steps = [.. RandomTokens.Draw(row.Shape.Vocabulary, (StepRow.FirstPosition + StepRow.Steps) * row.Targets, seed: 8).Chunk(row.Targets)];

    /// <inheritdoc/>
    public string Name => row.Name;

    /// <inheritdoc/>
    public int Units => StepRow.Steps * row.Targets;

    /// <inheritdoc/>
    public long WorkingSet => row.Shape.StepWeightBytes;

    /// <inheritdoc/>
    public double LimitPerSecond(MachineLimits limits) => row.LimitPerSecond(limits);

    /// <inheritdoc/>
    public RaceTurn Run(ITranslatorContender contender)
    {
        contender.Begin(_source, row.Targets);
        foreach (var tokens in _steps.AsSpan(0, StepRow.FirstPosition))
            contender.Step(tokens);

        var begin = Clock.Now;
        foreach (var tokens in _steps.AsSpan(StepRow.FirstPosition))
            contender.Step(tokens);
        return new RaceTurn(Clock.Now - begin, contender.Logits());
    }
}
