using System.Diagnostics;
using System.Numerics.Tensors;
using Formwork.Benchmarks.Limits;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Runs one row with all contenders in turn, again and again, and compares what they computed.</summary>
internal sealed class Race<TContender>(IReadOnlyList<TContender> contenders, IRaceWork<TContender> work, int threads)
    where TContender : IContender
{
    // Beyond this two contenders do not compute the same model. Caches and weights in f16 stay below it.
    private const double LargestDisagreement = 0.02;

    // What a contender's threads may still be doing after its turn.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    // Long enough for .NET to have compiled the hot methods a second time.
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(1.5);

    public RowResult Run(int repeats)
    {
        var limits = MachineLimits.Measure(threads, work.WorkingSet);
        var results = contenders.ToDictionary(contender => contender.Name, _ => new Samples());
        var disagreement = WarmUp();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            // Each goes first as often as the others.
            for (var place = 0; place < contenders.Count; place++)
            {
                var contender = contenders[(repeat + place) % contenders.Count];
                results[contender.Name].Add(work.Units / Turn(contender).Elapsed.TotalSeconds);
            }
        }

        limits = limits.Best(MachineLimits.Measure(threads, work.WorkingSet));
        return new RowResult(work.Name, threads, limits, work.LimitPerSecond(limits), results, disagreement);
    }

    private double WarmUp()
    {
        var disagreement = 0.0;
        float[]? expected = null;
        foreach (var contender in contenders)
        {
            contender.UseThreads(threads);
            var clock = Stopwatch.StartNew();
            float[] output;
            var turns = 0;
            do
                output = Turn(contender).Output;
            while (++turns < 2 || clock.Elapsed < Warming);

            expected ??= output;
            var difference = Difference(expected, output);
            // Not "greater than": a number that is none must not pass.
            if (!(difference <= LargestDisagreement))
                throw new InvalidOperationException($"{work.Name}: {contender.Name} and {contenders[0].Name} do not compute the same: their outputs differ by {difference:P1}");
            disagreement = Math.Max(disagreement, difference);
        }

        return disagreement;
    }

    private RaceTurn Turn(TContender contender)
    {
        Thread.Sleep(Settling);
        var turn = work.Run(contender);
        contender.Rest();
        return turn;
    }

    private static double Difference(float[] expected, float[] found)
    {
        var difference = new float[expected.Length];
        TensorPrimitives.Subtract<float>(expected, found, difference);
        return Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference)) / Math.Abs(TensorPrimitives.MaxMagnitude<float>(expected));
    }
}
