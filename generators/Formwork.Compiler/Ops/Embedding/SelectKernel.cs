using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>Copies the rows whose logits are wanted.</summary>
public sealed record SelectKernel(int Width) : PassKernel
{
    public override string Name => $"SelectRows{Width}";

    public override string Formula => $"y[outputs, {Width}] = x[output rows, :]";

    public override string CallCSharp(PlanStep step) => $"{step.Input!.Name}, batch.OutputRows, {step.Output?.Name ?? "batch.Result"}, batch.Outputs";

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines(
            $$"""
            /// <summary>{{Formula}}</summary>
            private static unsafe class {{Name}}
            {
                private const int Stride = {{Padded(Width)}};

                {{Optimized}}
                public static void Run(float* input, int* rows, float* output, int outputs, Worker worker)
                {
                    (int first, int end) = worker.Share(outputs);
                    for (int row = first; row < end; row++)
                        new ReadOnlySpan<float>(input + (long)rows[row] * Stride, Stride).CopyTo(new Span<float>(output + (long)row * Stride, Stride));
                }
            }
            """);
    }
}
