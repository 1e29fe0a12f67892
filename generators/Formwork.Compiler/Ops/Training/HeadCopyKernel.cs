using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Copies some numbers of each head of a row to a place in each head of another: what slicing, joining and their derivatives are made of.
/// </summary>
/// <param name="Heads">Number of heads.</param>
/// <param name="Width">Numbers of a head that are copied.</param>
/// <param name="InputHead">Numbers from one head of the input to the next; 0 where all heads are given the same.</param>
/// <param name="InputStart">The first that is copied.</param>
/// <param name="OutputHead">Numbers from one head of the output to the next; 0 where the heads are summed.</param>
/// <param name="OutputStart">Where the first goes.</param>
/// <param name="InputStride">Floats from one row of the input to the next.</param>
/// <param name="OutputStride">Floats from one row of the output to the next.</param>
/// <param name="Clears">Whether the rest of the output's rows becomes zero.</param>
public sealed record HeadCopyKernel(int Heads, int Width, int InputHead, int InputStart, int OutputHead, int OutputStart, int InputStride, int OutputStride, bool Clears) : Kernel
{
    public override string Name =>
        $"{(OutputHead == 0 && Heads > 1 ? "SumHeads" : "CopyHeads")}{Heads}Of{Width}From{InputStart}In{InputHead}Of{InputStride}To{OutputStart}In{OutputHead}Of{OutputStride}{(Clears ? "Clearing" : "")}";

    public override string Formula =>
        $"y[rows, {Heads} heads, {OutputStart}..{OutputStart + Width}] {(OutputHead == 0 && Heads > 1 ? "= Σ over heads of" : "=")} x[rows, {Heads} heads, {InputStart}..{InputStart + Width}]";

    public override void EmitCSharp(CodeWriter writer)
    {
        bool sums = OutputHead == 0 && Heads > 1;
        string copy = sums
            ? "TensorPrimitives.Add(new ReadOnlySpan<float>(x, Width), new ReadOnlySpan<float>(y, Width), new Span<float>(y, Width));"
            : "new ReadOnlySpan<float>(x, Width).CopyTo(new Span<float>(y, Width));";
        string clear = Clears || sums ? "new Span<float>(output + (long)row * OutputStride, OutputStride).Clear();\n            " : "";
        writer.Lines(
            $$"""
            /// <summary>{{Formula}}</summary>
            private static unsafe class {{Name}}
            {
                private const int Width = {{Width}};
                private const int InputStride = {{InputStride}};
                private const int OutputStride = {{OutputStride}};

                {{Optimized}}
                public static void Run(float* input, float* output, int rows, Worker worker)
                {
                    (int first, int end) = worker.Share(rows);
                    for (int row = first; row < end; row++)
                    {
                        {{clear}}float* x = input + (long)row * InputStride + {{InputStart}}, y = output + (long)row * OutputStride + {{OutputStart}};
                        for (int head = 0; head < {{Heads}}; head++, x += {{InputHead}}, y += {{OutputHead}})
                            {{copy}}
                    }
                }
            }
            """);
    }
}
