using Formwork.Compiler.Ops;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.TestSupport.Compilation;
using Xunit;

namespace Formwork.Models.Tests.Kernels;

/// <summary>dx = dy·W, the weights in panels, against sums in float64.</summary>
public unsafe class InputGradientTests
{
    private static readonly (int Inputs, int Outputs)[] Shapes = [(1, 1), (16, 16), (7, 40), (50, 21), (64, 96), (112, 530), (176, 33), (130, 1030)];

    private static readonly Lazy<CompiledKernels> Compiled = new(() => CompiledKernels.Compile(
        Shapes.SelectMany(shape => new[] { false, true }, (shape, adds) => new InputGradientKernel(shape.Inputs, shape.Outputs, adds))));

    public static TheoryData<int, int, bool> Cases()
    {
        var cases = new TheoryData<int, int, bool>();
        foreach ((int inputs, int outputs) in Shapes)
        {
            cases.Add(inputs, outputs, false);
            cases.Add(inputs, outputs, true);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MatchesSumsOfEveryRowCount(int inputs, int outputs, bool adds)
    {
        var kernel = new InputGradientKernel(inputs, outputs, adds);
        foreach (int rows in new[] { 1, 2, 7, 8, 13, 31 })
            Check(kernel, rows);
    }

    [Theory]
    [InlineData(50, 21, 1025)]
    [InlineData(50, 21, 513)]
    [InlineData(7, 40, 2050)]
    public void MatchesSumsAcrossBlocksOfRows(int inputs, int outputs, int rows) => Check(new InputGradientKernel(inputs, outputs, Adds: false), rows);

    private static void Check(InputGradientKernel kernel, int rows)
    {
        // What dy's padding holds must not matter, nor what dx holds when it is not added to.
        using Matrix dy = Matrix.Random(1, rows, kernel.Outputs, padding: float.NaN), weight = Matrix.RandomPanels(2, kernel.Outputs, kernel.Inputs);
        using Matrix before = Matrix.Random(3, rows, kernel.Inputs, padding: kernel.Adds ? 0 : float.NaN);
        using Matrix dx = Run(kernel, dy, weight, before, workers: 1);
        Near.Equal((row, input) => (kernel.Adds ? before[row, input] : 0) + Enumerable.Range(0, kernel.Outputs).Sum(o => (double)dy[row, o] * weight[o, input]), dx, 1e-5, $"{kernel.Name}, {rows} rows");
        Assert.All(dx.Padding(), number => Assert.Equal(0, number));
        foreach (int workers in new[] { 2, 3 })
        {
            using Matrix shared = Run(kernel, dy, weight, before, workers);
            Assert.True(dx.Span().SequenceEqual(shared.Span()), $"{kernel.Name}, {rows} rows: {workers} workers give something else");
        }
    }

    private static Matrix Run(InputGradientKernel kernel, Matrix dy, Matrix weight, Matrix before, int workers)
    {
        Matrix dx = before.Copy();
        var run = (delegate*<float*, float*, float*, int, float*, Worker, void>)Compiled.Value.Run(kernel);
        using var scratch = new NativeBuffer(kernel.ScratchFloats * workers);
        scratch.AsSpan(0, (int)scratch.Length).Fill(float.NaN);
        CompiledKernels.OnWorkers(workers, worker => run(dy.Pointer, weight.Pointer, dx.Pointer, dy.Rows, scratch.Pointer + worker.Index * kernel.ScratchFloats, worker));
        return dx;
    }
}
