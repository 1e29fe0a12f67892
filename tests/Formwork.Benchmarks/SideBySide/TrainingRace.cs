using System.Diagnostics;
using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Runs one row's steps with all contenders in turn, again and again.</summary>
internal sealed class TrainingRace(TrainingRow row, IReadOnlyList<ITrainingContender> contenders, int threads)
{
    // What a contender's threads may still be doing after its turn.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(1.5);

    /// <summary>The contenders' medians.</summary>
    /// <exception cref="InvalidOperationException">Losses or gradients differ: the contenders do not do the same work.</exception>
    public TrainingResult Run(int repeats)
    {
        var limits = MachineLimits.Measure(threads, 0);
        var disagreement = WarmUp();
        var speeds = contenders.ToDictionary(contender => contender.Name, _ => new Samples());
        var parts = contenders.ToDictionary(contender => contender.Name, _ => new TrainingParts());
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            // Each goes first as often as the others.
            for (var place = 0; place < contenders.Count; place++)
            {
                var contender = contenders[(repeat + place) % contenders.Count];
                var turn = Turn(contender);
                speeds[contender.Name].Add(row.Tokens / turn.Whole.TotalSeconds);
                parts[contender.Name].Add(turn);
            }
        }

        limits = limits.Best(MachineLimits.Measure(threads, 0));
        return new TrainingResult(new RowResult(row.Name, threads, limits, row.LimitPerSecond(limits), speeds, disagreement), parts);
    }

    private double WarmUp()
    {
        var disagreement = 0.0;
        TrainingCheck? expected = null;
        foreach (var contender in contenders)
        {
            contender.UseThreads(threads);
            var found = contender.Check();
            expected ??= found;
            if (!expected.Value.Agrees(found))
                throw new InvalidOperationException($"{row.Name}, {threads} thread(s): {contenders[0].Name} has {expected} and {contender.Name} has {found}");
            disagreement = Math.Max(disagreement, expected.Value.LossDifference(found));
        }

        foreach (var contender in contenders)
        {
            var clock = Stopwatch.StartNew();
            var turns = 0;
            do
                Turn(contender);
            while (++turns < 2 || clock.Elapsed < Warming);
        }

        return disagreement;
    }

    private static TrainingTurn Turn(ITrainingContender contender)
    {
        Thread.Sleep(Settling);
        var turn = contender.Step();
        contender.Rest();
        return turn;
    }
}
