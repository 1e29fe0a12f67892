using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>An encoder's states of several sequences; sequences are counted.</summary>
internal sealed class EncodeWork(EncodeRow row) : IRaceWork<IEncoderContender>
{
    private readonly int[][] _sequences = [.. RandomTokens.Draw(row.Shape.Vocabulary, row.Sequences * row.Tokens).Chunk(row.Tokens)];

    /// <inheritdoc/>
    public string Name => row.Name;

    /// <inheritdoc/>
    public int Units => row.Sequences;

    /// <inheritdoc/>
    public long WorkingSet => sizeof(float) * row.Shape.MatrixSize;

    /// <inheritdoc/>
    public double LimitPerSecond(MachineLimits limits) => row.LimitPerSecond(limits);

    /// <inheritdoc/>
    public RaceTurn Run(IEncoderContender contender)
    {
        var begin = Clock.Now;
        contender.Encode(_sequences);
        return new RaceTurn(Clock.Now - begin, contender.States());
    }
}
