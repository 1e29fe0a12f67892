using Formwork.Runtime.Weights;
using Formwork.Training.Optimizers;
using Xunit;

namespace Formwork.Training.Tests.Optimizers;

public class AdamWTests
{
    // Two chunks of matrix, a vector of one line, a dense table with padding.
    private static readonly WeightSlot Matrix = new("layers.0.up.weight", "m", 130, 150, 0, WeightPacking.Panels);
    private static readonly WeightSlot Bias = new("layers.0.up.bias", "b", 9, 1, 144 * 150, WeightPacking.Panels);
    private static readonly WeightSlot Gain = new("layers.0.norm.weight", "n", 1, 21, 144 * 150 + 16, WeightPacking.Dense);
    private static readonly WeightSlot Table = new("embedding.position", "p", 5, 21, 144 * 150 + 48, WeightPacking.Dense);
    private static readonly WeightTable Weights = new("Test", "test", [], [Matrix, Bias, Gain, Table], [], 144 * 150 + 48 + 160);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void StepsAreThoseOfTheDefinition(int threads)
    {
        var options = new AdamWOptions { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6, WeightDecay = 0.3 };
        using var harness = new OptimizerHarness(options, Weights, threads);
        var expected = Weights.Slots.ToDictionary(slot => slot.Parameter, slot => new Reference(OptimizerHarness.Read(harness.Weights, slot), slot is { Rows: > 1, Columns: > 1 }));
        for (int step = 1; step <= 5; step++)
        {
            harness.DrawGradients(100 + step);
            foreach (WeightSlot slot in Weights.Slots)
                expected[slot.Parameter].Step(options, step, 0.01 * step, 0.5, OptimizerHarness.Read(harness.Gradients, slot));
            harness.Step(0.01 * step, factor: 0.5f);
        }
        foreach (WeightSlot slot in Weights.Slots)
        {
            double[] found = OptimizerHarness.Read(harness.Weights, slot), wanted = expected[slot.Parameter].Weights;
            Assert.All(found.Zip(wanted), pair => Assert.Equal(pair.Second, pair.First, 2e-6 * Math.Max(1, Math.Abs(pair.Second))));
        }
    }

    [Fact]
    public void GradientsAreClearedAndPaddingStaysZero()
    {
        using var harness = new OptimizerHarness(new AdamWOptions(), Weights, 2);
        harness.DrawGradients(1);
        harness.Step(0.1);
        Assert.Equal(-1, harness.Gradients.AsSpan(0, (int)Weights.Length).IndexOfAnyExcept(0f));
        foreach ((long first, int count) in WeightHoles.Find(Weights))
            Assert.Equal(-1, harness.Weights.AsSpan(first, count).IndexOfAnyExcept(0f));
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        float[] Run(int threads)
        {
            using var harness = new OptimizerHarness(new AdamWOptions(), Weights, threads);
            harness.DrawGradients(1);
            harness.Step(0.1);
            return harness.Weights.AsSpan(0, (int)Weights.Length).ToArray();
        }
        Assert.Equal(Run(1), Run(4));
    }

    private sealed class Reference(double[] weights, bool decays)
    {
        private readonly double[] _mean = new double[weights.Length], _square = new double[weights.Length];

        public double[] Weights => weights;

        public void Step(AdamWOptions options, int step, double rate, double factor, double[] gradients)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                double gradient = factor * gradients[i];
                _mean[i] = options.Beta1 * _mean[i] + (1 - options.Beta1) * gradient;
                _square[i] = options.Beta2 * _square[i] + (1 - options.Beta2) * gradient * gradient;
                if (decays)
                    weights[i] -= rate * options.WeightDecay * weights[i];
                double mean = _mean[i] / (1 - Math.Pow(options.Beta1, step)), square = _square[i] / (1 - Math.Pow(options.Beta2, step));
                weights[i] -= rate * mean / (Math.Sqrt(square) + options.Epsilon);
            }
        }
    }
}
