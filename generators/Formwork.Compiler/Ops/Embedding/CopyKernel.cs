using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>Gives rows as they are.</summary>
public sealed record CopyKernel(int Width) : PassKernel
{
    public override string Name => $"CopyRows{Width}";

    public override string Formula => $"y[rows, {Width}] = x";

    public override string CallCSharp(PlanStep step) => $"{step.Input!.Name}, {step.Output?.Name ?? "batch.Result"}, {(step.Rows == StepRows.Outputs ? "batch.Outputs" : "batch.Rows")}";

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines(
            $$"""
            /// <summary>{{Formula}}</summary>
            private static unsafe class {{Name}}
            {
                private const int Stride = {{Padded(Width)}};

                {{Optimized}}
                public static void Run(float* input, float* output, int rows, Worker worker)
                {
                    (int first, int end) = worker.Share(rows);
                    for (int row = first; row < end; row++)
                        new ReadOnlySpan<float>(input + (long)row * Stride, Stride).CopyTo(new Span<float>(output + (long)row * Stride, Stride));
                }
            }
            """);
    }
}
