using Formwork.Compiler.Ops;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.TestSupport.Compilation;
using Xunit;

namespace Formwork.Models.Tests.Kernels;

/// <summary>dW += dyᵀ·x in panels and db += Σ dy, against sums in float64.</summary>
public unsafe class WeightGradientTests
{
    private static readonly (int Inputs, int Outputs, bool Bias)[] Shapes =
        [(1, 1, true), (16, 16, false), (7, 40, true), (50, 21, false), (64, 96, true), (259, 60, true), (530, 48, false), (33, 112, false), (33, 130, true)];

    private static readonly Lazy<CompiledKernels> Compiled = new(() => CompiledKernels.Compile(
        Shapes.Select(shape => new WeightGradientKernel(shape.Inputs, shape.Outputs, shape.Bias))));

    public static TheoryData<int, int, bool> Cases()
    {
        var cases = new TheoryData<int, int, bool>();
        foreach ((int inputs, int outputs, bool bias) in Shapes)
            cases.Add(inputs, outputs, bias);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MatchesSumsOfEveryRowCount(int inputs, int outputs, bool bias)
    {
        var kernel = new WeightGradientKernel(inputs, outputs, bias);
        foreach (int rows in new[] { 1, 2, 9, 33 })
            Check(kernel, rows);
    }

    [Theory]
    [InlineData(7, 40, true, 513)]
    [InlineData(50, 21, false, 1030)]
    [InlineData(259, 60, true, 700)]
    public void MatchesSumsAcrossBlocksOfRows(int inputs, int outputs, bool bias, int rows) => Check(new WeightGradientKernel(inputs, outputs, bias), rows);

    private static void Check(WeightGradientKernel kernel, int rows)
    {
        using Matrix x = Matrix.Random(1, rows, kernel.Inputs, padding: float.NaN), dy = Matrix.Random(2, rows, kernel.Outputs, padding: float.NaN);
        using Matrix before = Matrix.RandomPanels(3, kernel.Outputs, kernel.Inputs, padding: 5), biasBefore = Matrix.Random(4, 1, kernel.Outputs, padding: 5);
        (Matrix dw, Matrix db) = Run(kernel, x, dy, before, biasBefore, workers: 1);
        string what = $"{kernel.Name}, {rows} rows";
        Near.Equal((output, input) => before[output, input] + Enumerable.Range(0, rows).Sum(row => (double)dy[row, output] * x[row, input]), dw, 1e-5, what);
        Near.Equal((_, output) => biasBefore[0, output] + (kernel.Bias ? Enumerable.Range(0, rows).Sum(row => (double)dy[row, output]) : 0), db, 1e-5, what);
        Assert.All(dw.Padding().Concat(db.Padding()), number => Assert.Equal(5, number));
        foreach (int workers in new[] { 2, 3 })
        {
            (Matrix dwShared, Matrix dbShared) = Run(kernel, x, dy, before, biasBefore, workers);
            Assert.True(dw.Span().SequenceEqual(dwShared.Span()) && db.Span().SequenceEqual(dbShared.Span()), $"{what}: {workers} workers give something else");
            dwShared.Dispose();
            dbShared.Dispose();
        }
        dw.Dispose();
        db.Dispose();
    }

    private static (Matrix Weight, Matrix Bias) Run(WeightGradientKernel kernel, Matrix x, Matrix dy, Matrix before, Matrix biasBefore, int workers)
    {
        Matrix dw = before.Copy(), db = biasBefore.Copy();
        nint address = Compiled.Value.Run(kernel);
        using var scratch = new NativeBuffer(kernel.ScratchFloats * workers);
        scratch.AsSpan(0, (int)scratch.Length).Fill(float.NaN);
        CompiledKernels.OnWorkers(workers, worker =>
        {
            float* own = scratch.Pointer + worker.Index * kernel.ScratchFloats;
            if (kernel.Bias)
                ((delegate*<float*, float*, float*, float*, int, float*, Worker, void>)address)(x.Pointer, dy.Pointer, dw.Pointer, db.Pointer, x.Rows, own, worker);
            else
                ((delegate*<float*, float*, float*, int, float*, Worker, void>)address)(x.Pointer, dy.Pointer, dw.Pointer, x.Rows, own, worker);
        });
        return (dw, db);
    }
}
