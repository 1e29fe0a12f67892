using Formwork.Compiler.Ops;
using Formwork.Runtime.Threading;
using Formwork.TestSupport.Compilation;
using Xunit;

namespace Formwork.Models.Tests.Kernels;

/// <summary>Rows' gradients added to the table's, against sums in float64.</summary>
public unsafe class EmbeddingGradientTests
{
    private const int Ids = 37;

    private static readonly EmbeddingGradientKernel[] Kernels = new[] { 1, 16, 40, 100 }.SelectMany(width => new EmbeddingGradientKernel[]
    {
        new(width, Panels: false, 1), new(width, Panels: true, 1), new(width, Panels: false, 0.5) { IdOffset = 2 }, new(width, Panels: true, 11.25) { IdOffset = 1 },
    }).ToArray();

    private static readonly Lazy<CompiledKernels> Compiled = new(() => CompiledKernels.Compile(Kernels));

    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, Kernels.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryIdGetsTheSumOfItsRows(int index)
    {
        EmbeddingGradientKernel kernel = Kernels[index];
        foreach (int rows in new[] { 1, 100 })
        {
            int[] ids = Enumerable.Range(0, rows).Select(row => row * 7 % 13 % Ids).ToArray();
            using Matrix dy = Matrix.Random(1, rows, kernel.Width);
            using Matrix before = kernel.Panels ? Matrix.RandomPanels(2, Ids, kernel.Width, padding: 5) : Matrix.Random(2, Ids, kernel.Width, padding: 5);
            using Matrix table = Run(kernel, ids, dy, before, workers: 1);
            Near.Equal((id, i) => before[id, i] + kernel.Factor * Enumerable.Range(0, rows).Where(row => ids[row] + kernel.IdOffset == id).Sum(row => (double)dy[row, i]), table, 1e-6, kernel.Name);
            Assert.All(table.Padding(), number => Assert.Equal(5, number));
            using Matrix shared = Run(kernel, ids, dy, before, workers: 3);
            Assert.True(table.Span().SequenceEqual(shared.Span()), $"{kernel.Name}: three workers give something else");
        }
    }

    private static Matrix Run(EmbeddingGradientKernel kernel, int[] ids, Matrix dy, Matrix before, int workers)
    {
        Matrix table = before.Copy();
        var run = (delegate*<int*, float*, float*, int, Worker, void>)Compiled.Value.Run(kernel);
        fixed (int* pointer = ids)
        {
            int* first = pointer;
            CompiledKernels.OnWorkers(workers, worker => run(first, dy.Pointer, table.Pointer, ids.Length, worker));
        }
        return table;
    }
}
