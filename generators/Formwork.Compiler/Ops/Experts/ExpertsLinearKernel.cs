using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// One product of all experts, each on its own rows with its own weights. Experts without rows cost nothing. Each worker walks all experts
/// with its share of their outputs, so that nobody waits between experts.
/// </summary>
/// <param name="Product">The product of one expert.</param>
/// <param name="Count">Number of experts.</param>
/// <param name="Chosen">How many of them see a row.</param>
/// <param name="OfRows">Whether its input are the pass's rows, which are gathered when there are several; else it is rows gathered already.</param>
public sealed record ExpertsLinearKernel(LinearKernel Product, int Count, int Chosen, bool OfRows) : PassKernel
{
    public override string Name => $"Experts{Chosen}Of{Count}{(OfRows ? "Rows" : "")}{Product.Name}";

    public override string Formula => $"each expert's rows: {Product.Formula}";

    public override long FlopsPerRow => Product.FlopsPerRow * Chosen;

    public override IEnumerable<Kernel> WithUsed => [.. Product.WithUsed, this];

    public override string CallCSharp(PlanStep step)
    {
        string inputs = string.Join(", ", step.Others.Select(buffer => buffer.Name).Prepend(step.Input!.Name));
        string weights = string.Join(", ", step.Weights.Select(weight => $"Weights + {Names.CSharp(weight.Path)}"));
        return $"{inputs}, {weights}, {step.Output!.Name}{(OfRows ? ", batch.Rows" : "")}";
    }

    public override void EmitCSharp(CodeWriter writer)
    {
        string bias = Product.Bias ? " float* bias," : "", biases = Product.Bias ? " bias + expert * BiasStride," : "";
        long weightFloats = (long)Padded(Product.Outputs) * Product.Inputs * (Product.Gated ? 2 : 1);
        writer.Lines(
            $$"""
            /// <summary>{{Formula}}</summary>
            /// <remarks>{{CSharpLiteral.Grouped(FlopsPerRow)}} flops a row of the pass; {{CSharpLiteral.Grouped(weightFloats * sizeof(float))}} weight bytes an expert that has rows.</remarks>
            private static unsafe class {{Name}}
            {
                private const int Experts = {{Count}};
                private const int InputStride = {{Padded(Product.Inputs)}};
                private const int OutputStride = {{Padded(Product.Outputs)}};
                private const long WeightStride = {{weightFloats}};
            """);
        if (Product.Bias)
            writer.Lines($"    private const long BiasStride = {Padded(Product.Outputs) * (Product.Gated ? 2 : 1)};");
        writer.Lines(
            $$"""

                {{Optimized}}
                public static void Run(float* input,{{(OfRows ? " float* gathered," : "")}} float* starts, float* weight,{{bias}} float* output,{{(OfRows ? " int passRows," : "")}} Worker worker)
                {
                    int* start = (int*)starts;
                    for (int expert = 0; expert < Experts; expert++)
                    {
                        int first = start[expert], rows = start[expert + 1] - first;
                        if (rows == 0)
                            continue;
            """);
        if (OfRows)
            writer.Lines("            float* x = passRows == 1 ? input : gathered + (long)first * InputStride;");
        writer.Lines(
            $$"""
                        {{Product.Name}}.Run({{(OfRows ? "x" : "input + (long)first * InputStride")}}, weight + expert * WeightStride,{{biases}} output + (long)first * OutputStride, rows, worker);
                    }
                }
            }
            """);
    }
}
