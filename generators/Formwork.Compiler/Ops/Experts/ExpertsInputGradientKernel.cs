using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What one product of all experts passes back to their rows, each expert's with its own weights. Experts without rows cost nothing. Each
/// worker walks all experts with its share of each.
/// </summary>
/// <param name="Product">What one expert's product passes back.</param>
/// <param name="Count">Number of experts.</param>
/// <param name="Chosen">How many of them see a row.</param>
public sealed record ExpertsInputGradientKernel(InputGradientKernel Product, int Count, int Chosen) : Kernel
{
    public override string Name => $"Experts{Chosen}Of{Count}{Product.Name}";

    public override string Formula => $"each expert's rows: {Product.Formula}";

    public override long FlopsPerRow => Product.FlopsPerRow * Chosen;

    public override long ScratchFloats => Product.ScratchFloats;

    public override IEnumerable<Kernel> WithUsed => [.. Product.WithUsed, this];

    public override void EmitCSharp(CodeWriter writer) => writer.Lines(
        $$"""
        /// <summary>{{Formula}}</summary>
        private static unsafe class {{Name}}
        {
            private const int Experts = {{Count}};
            private const int InputStride = {{Padded(Product.Inputs)}};
            private const int OutputStride = {{Padded(Product.Outputs)}};
            private const long WeightStride = {{(long)Padded(Product.Outputs) * Product.Inputs}};

            {{Optimized}}
            public static void Run(float* outputGradient, float* starts, float* weight, float* inputGradient, float* scratch, Worker worker)
            {
                int* start = (int*)starts;
                for (int expert = 0; expert < Experts; expert++)
                {
                    int first = start[expert], rows = start[expert + 1] - first;
                    if (rows > 0)
                        {{Product.Name}}.Run(outputGradient + (long)first * OutputStride, weight + expert * WeightStride, inputGradient + (long)first * InputStride, rows, scratch, worker);
                }
            }
        }
        """);
}
