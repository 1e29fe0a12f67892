using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>Rows that something is asked of, one after the other.</summary>
/// <param name="Width">Numbers of a row.</param>
/// <param name="FirstTokens">Whether they are sequences' first tokens, and the list has sequences.</param>
public sealed record GatherRowsKernel(int Width, bool FirstTokens) : Kernel
{
    public override string Name => $"Gather{(FirstTokens ? "FirstTokens" : "Rows")}{Width}";

    public override string Formula => $"y[outputs, {Width}] = x[{(FirstTokens ? "first row of sequence" : "row")}[output], :]";

    public override void EmitCSharp(CodeWriter writer) => writer.Lines(
        $$"""
        /// <summary>{{Formula}}</summary>
        private static unsafe class {{Name}}
        {
            private const int Stride = {{Padded(Width)}};

            {{Optimized}}
            public static void Run(float* input, TrainingRows all, int* chosen, float* output, int rows, Worker worker)
            {
                (int first, int end) = worker.Share(rows);
                for (int row = first; row < end; row++)
                    new ReadOnlySpan<float>(input + (long){{(FirstTokens ? "all.Sequences[chosen[row]].FirstRow" : "chosen[row]")}} * Stride, Stride).CopyTo(new Span<float>(output + (long)row * Stride, Stride));
            }
        }
        """);
}
