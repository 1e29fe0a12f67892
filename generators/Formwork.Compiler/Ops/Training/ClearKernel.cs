using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>Sets rows to zero.</summary>
/// <param name="Width">Numbers of a row.</param>
public sealed record ClearKernel(int Width) : Kernel
{
    public override string Name => $"ClearRows{Width}";

    public override string Formula => $"y[rows, {Width}] = 0";

    public override void EmitCSharp(CodeWriter writer) => writer.Lines(
        $$"""
        /// <summary>{{Formula}}</summary>
        private static unsafe class {{Name}}
        {
            private const int Stride = {{Padded(Width)}};

            {{Optimized}}
            public static void Run(float* output, int rows, Worker worker)
            {
                (int first, int end) = worker.Share(rows);
                for (int row = first; row < end; row++)
                    new Span<float>(output + (long)row * Stride, Stride).Clear();
            }
        }
        """);
}
