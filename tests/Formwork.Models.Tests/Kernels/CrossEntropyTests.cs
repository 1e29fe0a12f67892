using Formwork.Compiler.Ops;
using Formwork.Runtime.Threading;
using Formwork.TestSupport.Compilation;
using Xunit;

namespace Formwork.Models.Tests.Kernels;

/// <summary>Loss, likelihood, prediction and gradient of rows of logits, against the definitions in float64.</summary>
public unsafe class CrossEntropyTests
{
    private static readonly int[] Classes = [1, 2, 16, 17, 31, 40, 1000];

    private static readonly Lazy<CompiledKernels> Compiled = new(() => CompiledKernels.Compile(Classes.Select(classes => new CrossEntropyKernel(classes))));

    public static TheoryData<int, float> Cases()
    {
        var cases = new TheoryData<int, float>();
        foreach (int classes in Classes)
        {
            cases.Add(classes, 0);
            cases.Add(classes, 0.1f);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MatchesTheDefinition(int classes, float smoothing)
    {
        const int Rows = 21;
        using Matrix z = Matrix.Random(classes, Rows, classes, padding: 1e30f);
        foreach (ref float logit in z.Span())
            logit = logit > 1e29f ? logit : logit * 6;
        int[] targets = Enumerable.Range(0, Rows).Select(row => row * 5 % classes).ToArray();
        using var one = new Result(z, targets, 0.25f, smoothing, backward: true, workers: 1);
        var probabilities = new double[Rows, classes];
        for (int row = 0; row < Rows; row++)
        {
            double logarithm = Math.Log(Enumerable.Range(0, classes).Sum(c => Math.Exp(z[row, c])));
            double likelihood = z[row, targets[row]] - logarithm, mean = Enumerable.Range(0, classes).Average(c => z[row, c] - logarithm);
            Assert.Equal(likelihood, one.LogLikelihoods[row], 2e-6 * (1 + Math.Abs(likelihood)));
            Assert.Equal(-(1 - smoothing) * likelihood - smoothing * mean, one.Losses[row], 2e-6 * (1 + Math.Abs(likelihood)));
            Assert.Equal(Enumerable.Range(0, classes).MaxBy(c => z[row, c]), one.Predictions[row]);
            for (int c = 0; c < classes; c++)
                probabilities[row, c] = Math.Exp(z[row, c] - logarithm);
        }
        Near.Equal((row, c) => 0.25 * (probabilities[row, c] - (c == targets[row] ? 1 - smoothing : 0) - smoothing / classes), one.Gradient, 1e-6, $"{classes} classes");
        Assert.All(one.Gradient.Padding(), number => Assert.Equal(0, number));
        using var three = new Result(z, targets, 0.25f, smoothing, backward: true, workers: 3);
        Assert.True(one.Gradient.Span().SequenceEqual(three.Gradient.Span()));
        Assert.Equal(one.Losses, three.Losses);
    }

    [Fact]
    public void EvaluatingLeavesTheLogitsAndGivesTheSameLosses()
    {
        using Matrix z = Matrix.Random(3, 5, 40, padding: 2);
        using Result evaluated = new(z, [0, 1, 2, 38, 39], 1, 0.1f, backward: false, workers: 1), trained = new(z, [0, 1, 2, 38, 39], 1, 0.1f, backward: true, workers: 1);
        Assert.True(z.Span().SequenceEqual(evaluated.Gradient.Span()));
        Assert.Equal(trained.Losses, evaluated.Losses);
        Assert.Equal(trained.LogLikelihoods, evaluated.LogLikelihoods);
        Assert.Equal(trained.Predictions, evaluated.Predictions);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(40)]
    public void FirstOfEqualLogitsIsThePrediction(int classes)
    {
        using Matrix z = Matrix.Random(4, classes, classes);
        for (int row = 0; row < classes; row++)
            (z[row, row], z[row, classes - 1]) = (3, 3);
        using var result = new Result(z, new int[classes], 1, 0, backward: false, workers: 1);
        Assert.Equal(Enumerable.Range(0, classes), result.Predictions);
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(3.4e38f)]
    [InlineData(-3.4e38f)]
    public void LogitsOfAnySizeGiveFiniteGradients(float size)
    {
        using Matrix z = Matrix.Random(5, 2, 40);
        for (int c = 0; c < 40; c++)
            (z[0, c], z[1, c]) = (size, c == 7 ? size : 0);
        using var result = new Result(z, [7, 7], 1, 0.1f, backward: true, workers: 1);
        Assert.Equal(-Math.Log(40), result.LogLikelihoods[0], 1e-5);
        Assert.All(result.Gradient.Span().ToArray(), number => Assert.True(float.IsFinite(number)));
        Assert.All(result.Losses, loss => Assert.False(float.IsNaN(loss)));
    }

    [Fact]
    public void LogitThatIsNoNumberIsSeenInTheLoss()
    {
        using Matrix z = Matrix.Random(6, 40, 40);
        for (int row = 0; row < 40; row++)
            z[row, row] = float.NaN;
        using var result = new Result(z, new int[40], 1, 0, backward: false, workers: 1);
        Assert.All(result.Losses, loss => Assert.True(float.IsNaN(loss)));
    }

    private sealed class Result : IDisposable
    {
        public Result(Matrix logits, int[] targets, float factor, float smoothing, bool backward, int workers)
        {
            Gradient = logits.Copy();
            (Losses, LogLikelihoods, Predictions) = (new float[targets.Length], new float[targets.Length], new int[targets.Length]);
            var run = (delegate*<float*, int*, float*, float*, int*, float, float, bool, int, Worker, void>)Compiled.Value.Run(new CrossEntropyKernel(logits.Columns));
            fixed (int* target = targets, prediction = Predictions)
            fixed (float* loss = Losses, likelihood = LogLikelihoods)
            {
                int* t = target, p = prediction;
                float* l = loss, k = likelihood;
                CompiledKernels.OnWorkers(workers, worker => run(Gradient.Pointer, t, l, k, p, factor, smoothing, backward, targets.Length, worker));
            }
        }

        public Matrix Gradient { get; }

        public float[] Losses { get; }

        public float[] LogLikelihoods { get; }

        public int[] Predictions { get; }

        public void Dispose() => Gradient.Dispose();
    }
}
