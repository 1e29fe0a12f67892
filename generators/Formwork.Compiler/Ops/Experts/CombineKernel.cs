using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>The outputs of a row's experts, weighed and summed in the order of the experts' numbers, perhaps added to the residual stream.</summary>
/// <param name="Width">Numbers of a row.</param>
/// <param name="Chosen">How many experts saw the row.</param>
/// <param name="Factor">What the sum is multiplied by.</param>
/// <param name="AddsResidual">Whether the result is added to what the output holds.</param>
public sealed record CombineKernel(int Width, int Chosen, double Factor, bool AddsResidual) : PassKernel
{
    /// <summary>Whether the outputs are weighed; what flows back to a row from its experts is not.</summary>
    public bool Weighed { get; init; } = true;

    public override string Name => $"Combine{(Weighed ? "" : "Unweighed")}{Chosen}Of{Width}{(Factor == 1 ? "" : $"Scaled{NamePart(Factor)}")}{(AddsResidual ? "AddedToResidual" : "")}";

    public override string Formula => $"y[rows, {Width}] {(AddsResidual ? "+=" : "=")} {(Factor == 1 ? "" : $"{Number(Factor)} · ")}Σ over {Chosen} experts of {(Weighed ? "weight · " : "")}x[place]";

    public override string CallCSharp(PlanStep step) => $"{step.Input!.Name}, {step.Others[0].Name}, {step.Output!.Name}, batch.Rows";

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $$"""
            private const int Chosen = {{Chosen}};
            private const int Stride = {{Padded(Width)}};
            private const int RouteStride = {{Padded(RouteKernel.RowWidth(Chosen))}};

            {{Optimized}}
            public static void Run(float* input, float* routes, float* output, int rows, Worker worker)
            {
                (int first, int end) = worker.Share(rows);
                for (int row = first; row < end; row++)
                {
                    float* weights = routes + (long)row * RouteStride + Chosen, y = output + (long)row * Stride;
                    int* places = (int*)(weights + Chosen);
            """);
        writer.Lines(Indented(VectorWidth.Branch(width => $"Row{width.Bits}(input, places,{(Weighed ? " weights," : "")} y);")));
        writer.Lines("    }\n}");
        foreach (VectorWidth width in VectorWidth.All)
            EmitRow(writer, width);
    }

    private void EmitRow(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class, value = Factor == 1 ? "sum" : $"sum * {CSharpLiteral.Float(Factor)}", output = $"{v}.Load(input + (long)places[slot] * Stride + i)";
        if (AddsResidual)
            value = $"{v}.Load(y + i) + {value}";
        writer.Line();
        writer.Lines(
            $$"""
            {{Optimized}}
            private static void Row{{width.Bits}}(float* input, int* places,{{(Weighed ? " float* weights," : "")}} float* y)
            {
                for (int i = 0; i < Stride; i += {{width.Lanes}})
                {
                    {{width.Type}} sum = {{width.Type}}.Zero;
                    for (int slot = 0; slot < Chosen; slot++)
                        {{(Weighed ? $"sum = {v}.MultiplyAddEstimate({output}, {v}.Create(weights[slot]), sum);" : $"sum += {output};")}}
                    {{(value == "sum" ? value : $"({value})")}}.Store(y + i);
                }
            }
            """);
    }

    private static string Indented(string lines) => "        " + lines.Replace("\n", "\n        ");
}
