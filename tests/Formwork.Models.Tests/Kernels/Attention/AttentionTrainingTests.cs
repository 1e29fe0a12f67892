using Formwork.Compiler.Ops;
using Formwork.Runtime.Memory;
using Formwork.TestSupport.Compilation;
using Xunit;

namespace Formwork.Models.Tests.Kernels.Attention;

/// <summary>Attention's training kernels against float64: the forward pass against plain loops, the backward pass against their finite differences.</summary>
public class AttentionTrainingTests
{
    private static readonly int[] Long = [150, 33, 70];

    private static readonly AttentionCase[] All =
    [
        new() { Name = "causal" },
        new() { Name = "bidirectional", Mask = AttentionMask.Bidirectional },
        new() { Name = "over a source", Mask = AttentionMask.Memory, Sources = [5, 17, 1, 21] },
        new() { Name = "heads in groups", Heads = 6, KeyValueHeads = 2 },
        new() { Name = "one head for all", Heads = 3, KeyValueHeads = 1, Mask = AttentionMask.Memory, Sources = [9, 2, 30, 3] },
        new() { Name = "the last five", Window = 5 },
        new() { Name = "three to each side", Window = 6, Mask = AttentionMask.Bidirectional },
        new() { Name = "capped", Cap = 0.8 },
        new() { Name = "sinks", Sinks = true },
        new() { Name = "sinks of groups", Sinks = true, Heads = 4, KeyValueHeads = 2, Window = 4 },
        new() { Name = "slopes", Distance = new DistanceBias(0, 0, false), Heads = 3, KeyValueHeads = 3 },
        new() { Name = "slopes to both sides", Distance = new DistanceBias(0, 0, true), Mask = AttentionMask.Bidirectional },
        new() { Name = "buckets", Distance = new DistanceBias(8, 12, false) },
        new() { Name = "buckets to both sides", Distance = new DistanceBias(8, 12, true), Mask = AttentionMask.Bidirectional, Heads = 3, KeyValueHeads = 3 },
        new() { Name = "wider values", HeadWidth = 16, ValueWidth = 48 },
        new() { Name = "odd widths", HeadWidth = 7, ValueWidth = 5, Heads = 3, KeyValueHeads = 3 },
        new() { Name = "odd wide widths", HeadWidth = 33, ValueWidth = 18, Mask = AttentionMask.Bidirectional },
        new() { Name = "widths of one", HeadWidth = 1, ValueWidth = 1, Heads = 5, KeyValueHeads = 5 },
        new() { Name = "dropout", DropoutRate = 0.3 },
        new() { Name = "dropout over a source", DropoutRate = 0.1, Mask = AttentionMask.Memory, Sources = [5, 17, 1, 21], Heads = 4, KeyValueHeads = 4 },
        new()
        {
            Name = "all at once", Heads = 6, KeyValueHeads = 3, HeadWidth = 20, ValueWidth = 9, Window = 7, Cap = 1.5, Sinks = true,
            Distance = new DistanceBias(6, 10, false), DropoutRate = 0.2,
        },
        new() { Name = "long", Targets = Long, HeadWidth = 32, ValueWidth = 32 },
        new() { Name = "long to both sides", Targets = Long, Mask = AttentionMask.Bidirectional, HeadWidth = 64, ValueWidth = 64 },
        new() { Name = "long over a source", Targets = Long, Mask = AttentionMask.Memory, Sources = [40, 131, 66], Heads = 4, HeadWidth = 24, DropoutRate = 0.4 },
        new() { Name = "long, the last 70", Targets = Long, Window = 70, Heads = 4, Sinks = true },
        new() { Name = "long, nine to each side", Targets = Long, Window = 19, Mask = AttentionMask.Bidirectional, Cap = 2 },
        new() { Name = "long with buckets", Targets = Long, Distance = new DistanceBias(16, 64, true), Mask = AttentionMask.Bidirectional, DropoutRate = 0.25 },
        new() { Name = "long, short window of slopes", Targets = Long, Window = 3, Distance = new DistanceBias(0, 0, false) },
    ];

    private static readonly Lazy<CompiledKernels> Compiled = new(() => CompiledKernels.Compile(
        All.SelectMany(attention => new Formwork.Compiler.Planning.Kernel[] { attention.Forward, attention.Backward })));

    public static TheoryData<string> Names => new(All.Select(attention => attention.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void ForwardMatchesFloat64(string name)
    {
        AttentionCase attention = Find(name);
        var meaning = new AttentionMeaning(attention, dropping: true);
        using var run = new AttentionRun(Compiled.Value, attention, meaning, workers: 1, dropping: true);
        AssertForward(attention, meaning, run);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void BackwardMatchesFiniteDifferences(string name)
    {
        AttentionCase attention = Find(name);
        var meaning = new AttentionMeaning(attention, dropping: true);
        using var run = new AttentionRun(Compiled.Value, attention, meaning, workers: 1, dropping: true);
        Check("query", meaning.Query, attention.QueryNumbers, attention.HeadWidth * attention.Group, attention.Targets, run.QueryGradient, 0, attention.QueryStride);
        Check("key", meaning.Key, attention.KeyNumbers, attention.HeadWidth, attention.Sources, run.SourceGradient, run.KeyStart, attention.KeyStride);
        Check("value", meaning.Value, attention.ValueNumbers, attention.ValueWidth, attention.Sources, run.SourceGradient, run.ValueStart, attention.KeyStride);

        void Check(string of, double[] input, int width, int headWidth, int[] lengths, NativeBuffer gradient, int start, int stride)
        {
            int step = Math.Max(1, input.Length / 150);
            for (int index = 0; index < input.Length; index += step)
            {
                int row = index / width, column = index % width, sequence = Sequence(lengths, row);
                double expected = Difference(input, index, () => meaning.Loss(sequence, column / headWidth));
                Near(expected, gradient.AsSpan((long)row * stride + start + column, 1)[0], $"{name}: {of} of row {row}, {column}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SinksAndTableGetTheirGradientAdded(string name)
    {
        AttentionCase attention = Find(name);
        var meaning = new AttentionMeaning(attention, dropping: true);
        using var run = new AttentionRun(Compiled.Value, attention, meaning, workers: 1, dropping: true);
        for (int head = 0; head < attention.Heads; head++)
        {
            double expected = attention.Sinks ? Difference(meaning.Sinks, head, () => meaning.HeadLoss(head)) : 0;
            Near(1 + expected, run.SinkGradient.AsSpan(head, 1)[0], $"{name}: sink {head}");
        }
        for (int index = 0; index < meaning.Table.Length; index++)
        {
            int bucket = index / attention.Heads, head = index % attention.Heads;
            double expected = Difference(meaning.Table, index, () => meaning.HeadLoss(head));
            Near(1 + expected, run.TableGradient.AsSpan(bucket * attention.Shape.LogSumStride + head, 1)[0], $"{name}: bucket {bucket}, head {head}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WritesNothingBesideTheHeads(string name)
    {
        AttentionCase attention = Find(name);
        using var run = new AttentionRun(Compiled.Value, attention, new AttentionMeaning(attention, dropping: true), workers: 1, dropping: true);
        int width = attention.QueryNumbers + (attention.Fused ? attention.KeyNumbers + attention.ValueNumbers : 0);
        Check(run.QueryGradient, attention.Targets.Sum(), width, attention.QueryStride);
        if (!attention.Fused)
            Check(run.SourceGradient, attention.Sources.Sum(), attention.KeyNumbers + attention.ValueNumbers, attention.KeyStride);

        static void Check(NativeBuffer gradient, int rows, int width, int stride)
        {
            for (int row = 0; row < rows; row++)
            {
                Span<float> numbers = gradient.AsSpan((long)row * stride, stride);
                Assert.DoesNotContain(AttentionRun.Untouched, numbers[..width].ToArray());
                Assert.All(numbers[width..].ToArray(), number => Assert.Equal(AttentionRun.Untouched, number));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnyNumberOfWorkersGivesTheSame(string name)
    {
        AttentionCase attention = Find(name);
        var meaning = new AttentionMeaning(attention, dropping: true);
        using var one = new AttentionRun(Compiled.Value, attention, meaning, workers: 1, dropping: true);
        foreach (int workers in new[] { 2, 3 })
        {
            using var several = new AttentionRun(Compiled.Value, attention, meaning, workers, dropping: true);
            foreach ((NativeBuffer expected, NativeBuffer actual) in one.Results.Zip(several.Results))
                Assert.True(expected.AsSpan(0, (int)expected.Length).SequenceEqual(actual.AsSpan(0, (int)actual.Length)), $"{name}: {workers} workers give something else");
        }
    }

    [Theory]
    [InlineData("dropout")]
    [InlineData("all at once")]
    public void NothingIsDroppedWithoutDropping(string name)
    {
        AttentionCase attention = Find(name);
        var meaning = new AttentionMeaning(attention, dropping: false);
        using var run = new AttentionRun(Compiled.Value, attention, meaning, workers: 1, dropping: false);
        AssertForward(attention, meaning, run);
    }

    private static void AssertForward(AttentionCase attention, AttentionMeaning meaning, AttentionRun run)
    {
        int row = 0;
        for (int sequence = 0; sequence < attention.Targets.Length; sequence++)
        {
            for (int query = 0; query < attention.Targets[sequence]; query++, row++)
            {
                for (int head = 0; head < attention.Heads; head++)
                {
                    double[] expected = meaning.Attend(sequence, query, head, out double logSum);
                    string place = $"{attention.Name}: sequence {sequence}, query {query}, head {head}";
                    Near(logSum, run.LogSums.AsSpan((long)row * attention.Shape.LogSumStride + head, 1)[0], place, 1e-5);
                    Span<float> actual = run.Output.AsSpan((long)row * attention.Shape.OutputStride + head * attention.ValueWidth, attention.ValueWidth);
                    for (int i = 0; i < expected.Length; i++)
                        Near(expected[i], actual[i], place, 1e-5);
                }
            }
        }
    }

    private static AttentionCase Find(string name) => All.Single(attention => attention.Name == name);

    private static int Sequence(int[] lengths, int row)
    {
        int sequence = 0;
        while (row >= lengths[sequence])
            row -= lengths[sequence++];
        return sequence;
    }

    private static double Difference(double[] input, int index, Func<double> loss)
    {
        const double Step = 1e-4;
        double before = input[index];
        input[index] = before + Step;
        double above = loss();
        input[index] = before - Step;
        double below = loss();
        input[index] = before;
        return (above - below) / (2 * Step);
    }

    private static void Near(double expected, float actual, string place, double tolerance = 3e-5) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * (1 + Math.Abs(expected)), $"{place}: {actual} instead of {expected}");
}
