using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Kernels;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.TestSupport.Compilation;
using Xunit;

namespace Formwork.Models.Tests.Kernels;

/// <summary>Rotations of rows in place, and back.</summary>
public unsafe class RotaryRowsTests
{
    private const int Context = 40, Rows = 23;
    private const double Base = 100, Magnitude = 1.25;

    private static readonly RotaryRowsKernel[] All =
    [
        .. from pairing in new[] { RotaryPairing.Half, RotaryPairing.Interleaved }
           from inverse in new[] { false, true }
           from shape in new[] { (Width: 16, Start: 0), (Width: 6, Start: 0), (Width: 8, Start: 5) }
           select new RotaryRowsKernel(3, 16, new RotatedPairs(pairing, shape.Width), 64, inverse) { Start = shape.Start },
    ];

    private static readonly Lazy<CompiledKernels> Compiled = new(() => CompiledKernels.Compile(All));

    public static TheoryData<int> Indexes => new(Enumerable.Range(0, All.Length));

    [Theory]
    [MemberData(nameof(Indexes))]
    public void TurnsEachPairByItsAngle(int index)
    {
        RotaryRowsKernel kernel = All[index];
        float[] before = Enumerable.Range(0, Rows * kernel.Stride).Select(i => MathF.Sin(i * 1.7f)).ToArray();
        float[] after = Run(kernel, before, workers: 1);
        double[] expected = before.Select(number => (double)number).ToArray();
        for (int row = 0; row < Rows; row++)
        {
            for (int head = 0; head < kernel.Heads; head++)
            {
                int start = row * kernel.Stride + head * kernel.HeadWidth + kernel.Start, half = kernel.Rotary.Width / 2;
                for (int i = 0; i < half; i++)
                {
                    (int a, int b) = kernel.Rotary.Pairing == RotaryPairing.Half ? (start + i, start + half + i) : (start + 2 * i, start + 2 * i + 1);
                    double angle = Position(row) * Math.Pow(Base, -2.0 * i / kernel.Rotary.Width) * (kernel.Inverse ? -1 : 1);
                    expected[a] = Magnitude * (before[a] * Math.Cos(angle) - before[b] * Math.Sin(angle));
                    expected[b] = Magnitude * (before[a] * Math.Sin(angle) + before[b] * Math.Cos(angle));
                }
            }
        }
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - after[i]) < 1e-5, $"{kernel.Name}: {after[i]} at {i} instead of {expected[i]}");
        Assert.Equal(after, Run(kernel, before, workers: 3));
    }

    private static int Position(int row) => row * 7 % Context;

    private static float[] Run(RotaryRowsKernel kernel, float[] numbers, int workers)
    {
        int width = kernel.Rotary.Width;
        using var x = new NativeBuffer(numbers.Length);
        using var table = new NativeBuffer(Context * width);
        double[] frequencies = Enumerable.Range(0, width / 2).Select(i => Math.Pow(Base, -2.0 * i / width)).ToArray();
        PositionTables.FillRotary(table.Pointer, Context, width, frequencies, Magnitude);
        numbers.CopyTo(x.AsSpan(0, numbers.Length));
        int[] positions = Enumerable.Range(0, Rows).Select(Position).ToArray();
        fixed (int* pinned = positions)
        {
            int* at = pinned;
            var run = (delegate*<float*, float*, int*, int, Worker, void>)Compiled.Value.Run(kernel);
            CompiledKernels.OnWorkers(workers, worker => run(x.Pointer, table.Pointer, at, Rows, worker));
        }
        return x.AsSpan(0, numbers.Length).ToArray();
    }
}
