using Formwork.Compiler.Ops;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.TestSupport.Compilation;
using Xunit;

namespace Formwork.Models.Tests.Kernels;

/// <summary>What norms pass back, against the norm's own differences in float64.</summary>
public unsafe class NormGradientTests
{
    private static readonly NormGradientKernel[] Kernels =
    [
        .. new[] { 1, 16, 40, 100 }.SelectMany(width => new NormGradientKernel[]
        {
            new(NormKind.Layer, width, 1e-5, UnitOffset: false, Bias: true, Adds: false),
            new(NormKind.Layer, width, 1e-2, UnitOffset: true, Bias: false, Adds: true),
            new(NormKind.Rms, width, 1e-5, UnitOffset: true, Bias: false, Adds: false),
            new(NormKind.Rms, width, 1e-2, UnitOffset: false, Bias: false, Adds: true),
        }),
        new(NormKind.Layer, 8, 1e-5, UnitOffset: false, Bias: true, Adds: false) { Heads = 3 },
        new(NormKind.Rms, 20, 1e-5, UnitOffset: false, Bias: false, Adds: false) { Heads = 3, InputStride = 96, OutputGradientStride = 80, InputGradientStride = 112 },
        new(NormKind.Rms, 16, 1e-5, UnitOffset: false, Bias: false, Adds: true) { Heads = 2, InputStride = 48 },
    ];

    private static readonly Lazy<CompiledKernels> Compiled = new(() => CompiledKernels.Compile(Kernels));

    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, Kernels.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void MatchesTheNormsDerivative(int index)
    {
        foreach (int rows in new[] { 1, 63, 64, 150 })
            Check(Kernels[index], rows);
    }

    [Fact]
    public void EqualStridesAreEqualKernels()
    {
        NormGradientKernel kernel = Kernels[0];
        Assert.Equal(kernel, kernel with { InputStride = Kernel.Padded(kernel.Width) });
        Assert.NotEqual(kernel, kernel with { InputStride = 512 });
    }

    private static void Check(NormGradientKernel kernel, int rows)
    {
        int numbers = kernel.Heads * kernel.Width;
        using Matrix x = Matrix.Random(1, rows, numbers, float.NaN, kernel.InputStride), gain = Matrix.Random(2, 1, kernel.Width), dy = Matrix.Random(3, rows, numbers, float.NaN, kernel.OutputGradientStride);
        // A view of a wider row leaves what is beside it alone.
        bool isView = kernel.InputGradientStride != Kernel.Padded(numbers);
        using Matrix before = Matrix.Random(4, rows, numbers, isView ? 7 : kernel.Adds ? 0 : float.NaN, kernel.InputGradientStride);
        using Matrix gainBefore = Matrix.Random(5, 1, kernel.Width, padding: 5), biasBefore = Matrix.Random(6, 1, kernel.Width, padding: 5);
        var expected = new Expected(kernel, x, gain, dy);
        Matrix[] one = Run(kernel, x, gain, dy, [before, gainBefore, biasBefore], workers: 1);
        string what = $"{kernel.Name}, {rows} rows:";
        Near.Equal((row, i) => (kernel.Adds ? before[row, i] : 0) + expected.Input[row, i], one[0], 2e-5, $"{what} dx");
        Near.Equal((_, i) => gainBefore[0, i] + expected.Gain[i], one[1], 2e-5, $"{what} dg");
        Near.Equal((_, i) => biasBefore[0, i] + (kernel.Bias ? expected.Bias[i] : 0), one[2], 2e-5, $"{what} db");
        Assert.All(one[0].Padding(), number => Assert.Equal(isView ? 7 : 0, number));
        Assert.All(one[1].Padding().Concat(one[2].Padding()), number => Assert.Equal(5, number));
        Matrix[] three = Run(kernel, x, gain, dy, [before, gainBefore, biasBefore], workers: 3);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(one[i].Span().SequenceEqual(three[i].Span()), $"{what} three workers give something else");
            one[i].Dispose();
            three[i].Dispose();
        }
    }

    private static Matrix[] Run(NormGradientKernel kernel, Matrix x, Matrix gain, Matrix dy, Matrix[] before, int workers)
    {
        Matrix[] results = before.Select(matrix => matrix.Copy()).ToArray();
        (Matrix dx, Matrix dg, Matrix db) = (results[0], results[1], results[2]);
        nint address = Compiled.Value.Run(kernel);
        using var shared = new NativeBuffer((x.Rows / Kernel.SharedBlock + 1) * kernel.SharedFloats);
        shared.AsSpan(0, (int)shared.Length).Fill(float.NaN);
        CompiledKernels.OnWorkers(workers, worker =>
        {
            if (kernel.Bias)
                ((delegate*<float*, float*, float*, float*, float*, float*, float*, int, Worker, void>)address)(x.Pointer, gain.Pointer, dy.Pointer, dx.Pointer, dg.Pointer, db.Pointer, shared.Pointer, x.Rows, worker);
            else
                ((delegate*<float*, float*, float*, float*, float*, float*, int, Worker, void>)address)(x.Pointer, gain.Pointer, dy.Pointer, dx.Pointer, dg.Pointer, shared.Pointer, x.Rows, worker);
        });
        return results;
    }

    /// <summary>The gradients in float64, by the norm's whole Jacobian: ∂x̂[j]/∂x[i] = s·([i = j] − 1/n − x̂[i]·x̂[j]/n).</summary>
    private sealed class Expected
    {
        public Expected(NormGradientKernel kernel, Matrix x, Matrix gain, Matrix dy)
        {
            (Input, Gain, Bias) = (new double[x.Rows, x.Columns], new double[kernel.Width], new double[kernel.Width]);
            for (int row = 0; row < x.Rows; row++)
                for (int head = 0; head < kernel.Heads; head++)
                    AddSlice(kernel, x, gain, dy, row, head * kernel.Width);
        }

        public double[,] Input { get; }

        public double[] Gain { get; }

        public double[] Bias { get; }

        private void AddSlice(NormGradientKernel kernel, Matrix x, Matrix gain, Matrix dy, int row, int start)
        {
            int n = kernel.Width;
            double[] values = Enumerable.Range(0, n).Select(i => (double)x[row, start + i]).ToArray();
            double centre = kernel.Kind == NormKind.Layer ? 1 : 0, mean = centre * values.Average();
            double scale = 1 / Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) + kernel.Epsilon);
            double[] normed = values.Select(value => (value - mean) * scale).ToArray();
            for (int j = 0; j < n; j++)
            {
                double gradient = dy[row, start + j], passed = gradient * (gain[0, j] + (kernel.UnitOffset ? 1 : 0));
                Gain[j] += gradient * normed[j];
                Bias[j] += gradient;
                for (int i = 0; i < n; i++)
                    Input[row, start + i] += passed * scale * ((i == j ? 1 : 0) - centre / n - normed[i] * normed[j] / n);
            }
        }
    }
}
