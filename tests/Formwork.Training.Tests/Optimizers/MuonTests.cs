using Formwork.Runtime.Weights;
using Formwork.Training.Optimizers;
using Xunit;

namespace Formwork.Training.Tests.Optimizers;

public class MuonTests
{
    // A wide and a tall matrix of layers, experts, and what AdamW has.
    private static readonly WeightSlot Wide = new("layers.0.down.weight", "w", 20, 45, 0, WeightPacking.Panels);
    private static readonly WeightSlot Tall = new("layers.0.up.weight", "t", 45, 20, 32 * 45, WeightPacking.Panels);
    private static readonly WeightSlot Experts = new("layers.0.experts.up.weight", "e", 17, 18, 32 * 45 + 48 * 20, WeightPacking.Panels) { Experts = 2, ExpertStride = 32 * 18 };
    private static readonly WeightSlot Table = new("embedding.token", "x", 7, 20, 32 * 45 + 48 * 20 + 64 * 18, WeightPacking.Dense);
    private static readonly WeightTable Weights = new("Test", "test", [], [Wide, Tall, Experts, Table], [], 32 * 45 + 48 * 20 + 64 * 18 + 7 * 32);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void StepsAreThoseOfTheDefinition(int threads)
    {
        var options = new MuonOptions { AdamW = new AdamWOptions { WeightDecay = 0.2 } };
        using var harness = new OptimizerHarness(options, Weights, threads);
        WeightSlot[] matrices = [Wide, Tall, Experts.Expert(0), Experts.Expert(1)];
        double[][] expected = [.. matrices.Select(slot => OptimizerHarness.Read(harness.Weights, slot))], momentum = [.. expected.Select(weights => new double[weights.Length])];
        for (int step = 1; step <= 3; step++)
        {
            harness.DrawGradients(step);
            for (int i = 0; i < matrices.Length; i++)
                Step(expected[i], momentum[i], OptimizerHarness.Read(harness.Gradients, matrices[i]), matrices[i].Rows, matrices[i].Columns, 0.05, 0.2);
            harness.Step(0.05);
        }
        for (int i = 0; i < matrices.Length; i++)
            Assert.All(OptimizerHarness.Read(harness.Weights, matrices[i]).Zip(expected[i]), pair => Assert.Equal(pair.Second, pair.First, 2e-4));
    }

    [Fact]
    public void UpdateIsNearlyOrthogonal()
    {
        using var harness = new OptimizerHarness(new MuonOptions { AdamW = new AdamWOptions { WeightDecay = 0 } }, Weights, 1);
        double[] before = OptimizerHarness.Read(harness.Weights, Wide);
        harness.DrawGradients(1);
        harness.Step(1 / (0.2 * Math.Sqrt(45)));
        double[] update = [.. OptimizerHarness.Read(harness.Weights, Wide).Zip(before, (after, earlier) => earlier - after)];
        double[] square = Multiply(update, Transpose(update, 20, 45), 20, 20, 45);
        // Jordan's coefficients leave singular values between about 0.7 and 1.2.
        for (int i = 0; i < 20; i++)
            Assert.InRange(square[i * 20 + i], 0.4, 1.5);
    }

    [Fact]
    public void TheRestIsAdamWs()
    {
        using var muon = new OptimizerHarness(new MuonOptions(), Weights, 2);
        using var adam = new OptimizerHarness(new AdamWOptions(), Weights, 2);
        foreach (OptimizerHarness harness in new[] { muon, adam })
        {
            harness.DrawGradients(1);
            harness.Step(0.1);
        }
        Assert.Equal(OptimizerHarness.Read(adam.Weights, Table), OptimizerHarness.Read(muon.Weights, Table));
        Assert.NotEqual(OptimizerHarness.Read(adam.Weights, Wide), OptimizerHarness.Read(muon.Weights, Wide));
        Assert.Equal(-1, muon.Gradients.AsSpan(0, (int)Weights.Length).IndexOfAnyExcept(0f));
    }

    private static void Step(double[] weights, double[] momentum, double[] gradients, int rows, int columns, double rate, double decay)
    {
        var update = new double[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            momentum[i] = 0.95 * momentum[i] + gradients[i];
            update[i] = gradients[i] + 0.95 * momentum[i];
        }
        double[] x = rows > columns ? Transpose(update, rows, columns) : update;
        int short_ = Math.Min(rows, columns), long_ = Math.Max(rows, columns);
        double norm = Math.Sqrt(x.Sum(value => value * value)) + 1e-7;
        x = [.. x.Select(value => value / norm)];
        for (int iteration = 0; iteration < 5; iteration++)
        {
            double[] a = Multiply(x, Transpose(x, short_, long_), short_, short_, long_), square = Multiply(a, a, short_, short_, short_);
            double[] b = [.. a.Zip(square, (first, second) => -4.7750 * first + 2.0315 * second)];
            x = [.. x.Zip(Multiply(b, x, short_, long_, short_), (first, second) => 3.4445 * first + second)];
        }
        x = rows > columns ? Transpose(x, columns, rows) : x;
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (1 - rate * decay) * weights[i] - rate * 0.2 * Math.Sqrt(long_) * x[i];
    }

    private static double[] Transpose(double[] values, int rows, int columns) => [.. Enumerable.Range(0, values.Length).Select(i => values[i % rows * columns + i / rows])];

    private static double[] Multiply(double[] left, double[] right, int rows, int columns, int inner) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => Enumerable.Range(0, inner).Sum(k => left[i / columns * inner + k] * right[k * columns + i % columns]))];
}
