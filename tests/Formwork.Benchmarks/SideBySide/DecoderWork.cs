using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>A decoder's prompt or its steps; tokens are counted.</summary>
internal sealed class DecoderWork(WorkRow row) : IRaceWork<IDecoderContender>
{
    private readonly int[] _tokens = RandomTokens.Draw(row.Shape.Vocabulary, WorkRow.PromptTokens + row.Tokens);

    /// <inheritdoc/>
    public string Name => row.Name;

    /// <inheritdoc/>
    public int Units => row.Tokens;

    /// <inheritdoc/>
    public long WorkingSet => row.Shape.DecodingWeightBytes;

    /// <inheritdoc/>
    public double LimitPerSecond(MachineLimits limits) => row.LimitTokensPerSecond(limits);

    /// <inheritdoc/>
    public RaceTurn Run(IDecoderContender contender)
    {
        contender.Reset();
        return row.Phase == WorkPhase.Prefill ? Prefill(contender) : Decode(contender);
    }

    private RaceTurn Prefill(IDecoderContender contender)
    {
        var begin = Clock.Now;
        var logits = contender.Prefill(_tokens.AsSpan(0, row.Tokens));
        return new RaceTurn(Clock.Now - begin, logits.ToArray());
    }

    private RaceTurn Decode(IDecoderContender contender)
    {
        contender.Prefill(_tokens.AsSpan(0, WorkRow.PromptTokens));
        var begin = Clock.Now;
        ReadOnlySpan<float> logits = default;
        for (var step = 0; step < row.Tokens; step++)
            logits = contender.Step(_tokens[WorkRow.PromptTokens + step]);
        return new RaceTurn(Clock.Now - begin, logits.ToArray());
    }
}
