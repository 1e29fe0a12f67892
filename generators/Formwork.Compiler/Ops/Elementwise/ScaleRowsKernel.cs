using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>Multiplies each row by a number of its own.</summary>
public sealed record ScaleRowsKernel(int Width) : PassKernel
{
    public override string Name => $"ScaleRows{Width}";

    public override string Formula => $"y[rows, {Width}] = factor[row] · x";

    public override string CallCSharp(PlanStep step) => $"{step.Input!.Name}, {step.Others[0].Name}, {step.Output!.Name}, batch.Rows";

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines(
            $$"""
            /// <summary>{{Formula}}</summary>
            private static unsafe class {{Name}}
            {
                private const int Width = {{Width}};
                private const int Stride = {{Padded(Width)}};
                private const int FactorStride = {{Padded(1)}};

                {{Optimized}}
                public static void Run(float* input, float* factors, float* output, int rows, Worker worker)
                {
                    (int first, int end) = worker.Share(rows);
                    for (int row = first; row < end; row++)
                        TensorPrimitives.Multiply(new ReadOnlySpan<float>(input + (long)row * Stride, Width), factors[row * FactorStride], new Span<float>(output + (long)row * Stride, Width));
                }
            }
            """);
    }
}
