using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>Adds rows, perhaps scaled, to others: what no product or norm could do on its way.</summary>
public sealed record AddKernel(int Width, double Factor) : PassKernel
{
    public override string Name => $"Add{Width}{(Factor == 1 ? "" : $"Scaled{NamePart(Factor)}")}";

    public override string Formula => $"y[rows, {Width}] += {(Factor == 1 ? "" : $"{Number(Factor)} · ")}x";

    public override string CallCSharp(PlanStep step) => $"{step.Input!.Name}, {step.Output!.Name}, batch.Rows";

    public override void EmitCSharp(CodeWriter writer)
    {
        string sum = Factor == 1
            ? "TensorPrimitives.Add(x, y, y);"
            : $"TensorPrimitives.MultiplyAdd(x, {CSharpLiteral.Float(Factor)}, y, y);";
        writer.Lines(
            $$"""
            /// <summary>{{Formula}}</summary>
            private static unsafe class {{Name}}
            {
                private const int Width = {{Width}};
                private const int Stride = {{Padded(Width)}};

                {{Optimized}}
                public static void Run(float* input, float* output, int rows, Worker worker)
                {
                    (int first, int end) = worker.Share(rows);
                    for (int row = first; row < end; row++)
                    {
                        var x = new ReadOnlySpan<float>(input + (long)row * Stride, Width);
                        var y = new Span<float>(output + (long)row * Stride, Width);
                        {{sum}}
                    }
                }
            }
            """);
    }
}
