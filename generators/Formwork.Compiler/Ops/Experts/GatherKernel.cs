using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Brings the rows of each expert together: a counting sort by expert, in which the rows of one expert keep their order, so that where a
/// row goes depends on nothing but the choice. A pass that infers does not copy a single row: it is every chosen expert's input as it lies.
/// </summary>
/// <param name="Width">Numbers of a row.</param>
/// <param name="Count">Number of experts.</param>
/// <param name="Chosen">How many of them see a row.</param>
public sealed record GatherKernel(int Width, int Count, int Chosen) : PassKernel
{
    /// <summary>Whether a single row is copied too.</summary>
    public bool CopiesOne { get; init; }

    public override string Name => $"Gather{(CopiesOne ? "All" : "")}{Width}For{Chosen}Of{Count}";

    public override string Formula => $"y[rows of expert 0, of 1 … of {Count - 1}, {Width}] = x[row]";

    public override string CallCSharp(PlanStep step) => $"{step.Input!.Name}, {step.Others[0].Name}, {step.Others[1].Name}, {step.Output!.Name}, batch.Rows";

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines(
            $$"""
            /// <summary>{{Formula}}</summary>
            private static unsafe class {{Name}}
            {
                private const int Experts = {{Count}};
                private const int Chosen = {{Chosen}};
                private const int Stride = {{Padded(Width)}};
                private const int RouteStride = {{Padded(RouteKernel.RowWidth(Chosen))}};

                {{Optimized}}
                public static void Run(float* input, float* routes, float* starts, float* output, int rows, Worker worker)
                {
                    // Every worker counts for itself, which is sooner done than waiting for one that does.
                    int* next = stackalloc int[Experts + 1];
                    new Span<int>(next, Experts + 1).Clear();
                    for (int row = 0; row < rows; row++)
                    {
                        int* chosen = (int*)(routes + (long)row * RouteStride);
                        for (int slot = 0; slot < Chosen; slot++)
                            next[chosen[slot] + 1]++;
                    }
                    for (int expert = 0; expert < Experts; expert++)
                        next[expert + 1] += next[expert];
                    if (worker.Index == 0)
                        new ReadOnlySpan<int>(next, Experts + 1).CopyTo(new Span<int>(starts, Experts + 1));

                    (int first, int end) = worker.Share(rows);
                    for (int row = 0; row < end; row++)
                    {
                        int* chosen = (int*)(routes + (long)row * RouteStride), places = chosen + 2 * Chosen;
                        for (int slot = 0; slot < Chosen; slot++)
                        {
                            int place = next[chosen[slot]]++;
                            if (row < first)
                                continue;
                            places[slot] = place;
                            {{(CopiesOne ? "" : "if (rows > 1)\n                    ")}}new ReadOnlySpan<float>(input + (long)row * Stride, Stride).CopyTo(new Span<float>(output + (long)place * Stride, Stride));
                        }
                    }
                }
            }
            """);
    }
}
