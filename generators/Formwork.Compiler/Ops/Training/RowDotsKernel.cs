using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>The dot product of each row with its like.</summary>
/// <param name="Width">Numbers of a row.</param>
public sealed record RowDotsKernel(int Width) : Kernel
{
    public override string Name => $"RowDots{Width}";

    public override string Formula => $"y[rows, 1] = a[row, :] · b[row, :], rows of {Width}";

    public override void EmitCSharp(CodeWriter writer) => writer.Lines(
        $$"""
        /// <summary>{{Formula}}</summary>
        private static unsafe class {{Name}}
        {
            private const int Width = {{Width}};
            private const int Stride = {{Padded(Width)}};
            private const int OutputStride = {{Padded(1)}};

            {{Optimized}}
            public static void Run(float* a, float* b, float* output, int rows, Worker worker)
            {
                (int first, int end) = worker.Share(rows);
                for (int row = first; row < end; row++)
                {
                    var y = new Span<float>(output + (long)row * OutputStride, OutputStride);
                    y.Clear();
                    y[0] = TensorPrimitives.Dot(new ReadOnlySpan<float>(a + (long)row * Stride, Width), new ReadOnlySpan<float>(b + (long)row * Stride, Width));
                }
            }
        }
        """);
}
