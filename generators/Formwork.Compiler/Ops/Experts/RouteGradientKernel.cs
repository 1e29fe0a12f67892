using System.Globalization;
using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// What the weights of a row's experts pass back to its router's logits; the choice is taken as it is. With s the scores, S the chosen ones'
/// sum and c the factor, a weight is c·s, or c·s / S where they are made to sum to one. Inputs: the scores, which <see cref="RouteKernel"/>
/// left where the logits were, its result, and the weights' derivatives, one a chosen expert.
/// </summary>
/// <param name="Count">Number of experts.</param>
/// <param name="Chosen">How many of them see a row.</param>
/// <param name="Score">What the logits became.</param>
/// <param name="Renormalize">Whether the weights are made to sum to one.</param>
/// <param name="Scale">What they are multiplied by at the end.</param>
public sealed record RouteGradientKernel(int Count, int Chosen, RouterScore Score, bool Renormalize, double Scale) : Kernel
{
    public override string Name => $"RouteGradient{Chosen}Of{Count}By{Score}{(Renormalize ? "Renormalized" : "")}{(Scale == 1 ? "" : $"Scaled{NamePart(Scale)}")}";

    public override string Formula
    {
        get
        {
            string ds = $"{(Scale == 1 ? "" : $"{Number(Scale)} · ")}{(Renormalize ? "(dw − Σ s·dw / Σ s) / Σ s" : "dw")}";
            string dx = Score == RouterScore.Sigmoid ? "s·(1 − s)·ds" : ReachesAll ? "s·(ds − Σ s·ds)" : "s·ds";
            return $"dx[rows, {Count}] = {dx}, s = {Score.ToString().ToLower(CultureInfo.InvariantCulture)}(x), ds = {ds} of the {Chosen} chosen";
        }
    }

    /// <summary>Whether something flows back to experts that were not chosen: by the softmax's sum, which cancels where weights are made to sum to one.</summary>
    private bool ReachesAll => Score == RouterScore.Softmax && !Renormalize;

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $$"""
            private const int Experts = {{Count}};
            private const int Chosen = {{Chosen}};
            private const int Stride = {{Padded(Count)}};
            private const int RouteStride = {{Padded(RouteKernel.RowWidth(Chosen))}};
            private const int GradientStride = {{Padded(Chosen)}};

            {{Optimized}}
            public static void Run(float* scores, float* routes, float* weightGradients, float* logitGradients, int rows, Worker worker)
            {
                (int first, int end) = worker.Share(rows);
                for (int row = first; row < end; row++)
                    Row(scores + (long)row * Stride, (int*)(routes + (long)row * RouteStride), weightGradients + (long)row * GradientStride, logitGradients + (long)row * Stride);
            }

            """);
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Row(float* scores, int* chosen, float* dw, float* dx)");
        writer.Lines("new Span<float>(dx, Stride).Clear();");
        EmitRow(writer, Renormalize ? "(dw[slot] - mean) / sum" : "dw[slot]");
    }

    private void EmitRow(CodeWriter writer, string derivative)
    {
        if (Scale != 1)
            derivative += $" * {CSharpLiteral.Float(Scale)}";
        if (Renormalize)
        {
            writer.Lines(
                """
                float sum = 1e-20f, mean = 0;
                for (int slot = 0; slot < Chosen; slot++)
                {
                    sum += scores[chosen[slot]];
                    mean += scores[chosen[slot]] * dw[slot];
                }
                mean /= sum;
                """);
        }
        if (ReachesAll)
        {
            writer.Lines(
                $"""
                float all = 0;
                for (int slot = 0; slot < Chosen; slot++)
                    all += scores[chosen[slot]] * ({derivative});
                for (int expert = 0; expert < Experts; expert++)
                    dx[expert] = -all * scores[expert];
                """);
        }
        writer.Lines(
            $$"""
            for (int slot = 0; slot < Chosen; slot++)
            {
                float score = scores[chosen[slot]];
                dx[chosen[slot]] += score * {{(Score == RouterScore.Sigmoid ? "(1 - score) * " : "")}}({{derivative}});
            }
            """);
    }
}
