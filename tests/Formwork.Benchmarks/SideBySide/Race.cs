using System.Diagnostics;
using System.Numerics.Tensors;
using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Runs one row with all contenders in turn, again and again, and compares what they computed.</summary>
internal sealed class Race(IReadOnlyList<IContender> contenders, WorkRow row, int threads)
{
    // Beyond this two contenders do not compute the same model. Caches and weights in f16 stay below it.
    private const double LargestDisagreement = 0.02;

    // What a contender's threads may still be doing after its turn.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    // Long enough for .NET to have compiled the hot methods a second time.
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(1.5);

    private readonly int[] _tokens = Tokens(row.Shape.Vocabulary, WorkRow.PromptTokens + row.Tokens);
    private float[] _logits = [];

    public RowResult Run(int repeats)
    {
        var limits = MachineLimits.Measure(threads, row.Shape.DecodingWeightBytes);
        var results = contenders.ToDictionary(contender => contender.Name, _ => new Samples());
        var disagreement = WarmUp();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            // Each goes first as often as the others.
            for (var place = 0; place < contenders.Count; place++)
            {
                var contender = contenders[(repeat + place) % contenders.Count];
                results[contender.Name].Add(row.Tokens / Turn(contender).TotalSeconds);
            }
        }

        return new RowResult(row, threads, limits.Best(MachineLimits.Measure(threads, row.Shape.DecodingWeightBytes)), results, disagreement);
    }

    private double WarmUp()
    {
        var disagreement = 0.0;
        float[]? expected = null;
        foreach (var contender in contenders)
        {
            contender.UseThreads(threads);
            var clock = Stopwatch.StartNew();
            var turns = 0;
            while (turns++ < 2 || clock.Elapsed < Warming)
                Turn(contender);

            expected ??= _logits;
            var difference = Difference(expected, _logits);
            if (difference > LargestDisagreement)
                throw new InvalidOperationException($"{row.Name}: {contender.Name} and {contenders[0].Name} do not compute the same: their logits differ by {difference:P1}");
            disagreement = Math.Max(disagreement, difference);
        }

        return disagreement;
    }

    private TimeSpan Turn(IContender contender)
    {
        Thread.Sleep(Settling);
        contender.Reset();
        var elapsed = row.Phase == WorkPhase.Prefill ? Prefill(contender) : Decode(contender);
        contender.Rest();
        return elapsed;
    }

    private TimeSpan Prefill(IContender contender)
    {
        var begin = Clock.Now;
        var logits = contender.Prefill(_tokens.AsSpan(0, row.Tokens));
        var elapsed = Clock.Now - begin;
        _logits = logits.ToArray();
        return elapsed;
    }

    private TimeSpan Decode(IContender contender)
    {
        contender.Prefill(_tokens.AsSpan(0, WorkRow.PromptTokens));
        var begin = Clock.Now;
        ReadOnlySpan<float> logits = default;
        for (var step = 0; step < row.Tokens; step++)
            logits = contender.Step(_tokens[WorkRow.PromptTokens + step]);
        var elapsed = Clock.Now - begin;
        _logits = logits.ToArray();
        return elapsed;
    }

    private static double Difference(float[] expected, float[] found)
    {
        var difference = new float[expected.Length];
        TensorPrimitives.Subtract<float>(expected, found, difference);
        return Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference)) / Math.Abs(TensorPrimitives.MaxMagnitude<float>(expected));
    }

    // Random weights have no favourite tokens; any will do, as long as everyone gets the same.
    private static int[] Tokens(int vocabulary, int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
    }
}
