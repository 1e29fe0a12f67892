using System.Globalization;
using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>Token ids become rows of the embedding table, scaled, with the position added.</summary>
/// <param name="Width">Numbers of a row.</param>
/// <param name="Panels">Whether the table is packed in panels, because the unembedding is the same matrix.</param>
/// <param name="Factor">What the row is multiplied by.</param>
/// <param name="LearnedPositions">Whether a learned position is added.</param>
/// <param name="Sinusoids">Whether a sinusoidal position is added.</param>
public sealed record EmbeddingKernel(int Width, bool Panels, double Factor, bool LearnedPositions, bool Sinusoids) : Kernel
{
    private bool Positions => LearnedPositions || Sinusoids;

    public override string Name =>
        $"Embedding{Width}{(Factor == 1 ? "" : "Scaled")}{(LearnedPositions ? "WithPositions" : Sinusoids ? "WithSinusoids" : "")}";

    public override string Formula =>
        $"y[rows, {Width}] = {(Factor == 1 ? "" : Factor.ToString("R", CultureInfo.InvariantCulture) + " · ")}table[token]{(Positions ? " + positions[position]" : "")}";

    public override string CallCSharp(PlanStep step)
    {
        string tables = string.Join(", ", step.Weights.Select(weight => $"Weights + {Names.CSharp(weight.Path)}"));
        if (step.Table is { } table)
            tables += $", Tables + {table.Offset}";
        return $"batch.Tokens, {(Positions ? "batch.Positions, " : "")}{tables}, {step.Output!.Name}, batch.Rows";
    }

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        string positionParameters = Positions ? " int* positions," : "", positionTable = Positions ? " float* positionTable," : "";
        string factor = Factor == 1 ? "" : " * Factor", position = Positions ? " + position[i]" : "";
        writer.Lines(
            $"""
            private const int Width = {Width};
            private const int Stride = {Padded(Width)};
            """);
        if (Factor != 1)
            writer.Lines($"private const float Factor = {CSharpLiteral.Float(Factor)};");
        writer.Line();
        using (writer.Block($"{Optimized}\npublic static void Run(int* tokens,{positionParameters} float* table,{positionTable} float* output, int rows, Worker worker)"))
        {
            writer.Lines("(int first, int end) = worker.Share(rows);");
            using IDisposable loop = writer.Block("for (int row = first; row < end; row++)");
            writer.Lines(Panels
                ? """
                // The table is also the unembedding: panels of 16 tokens, number by number.
                float* source = table + (long)(tokens[row] / 16) * (Width * 16) + tokens[row] % 16;
                """
                : "float* source = table + (long)tokens[row] * Stride;");
            if (Positions)
                writer.Lines("float* position = positionTable + (long)positions[row] * Stride;");
            writer.Lines(
                $"""
                float* y = output + (long)row * Stride;
                for (int i = 0; i < Width; i++)
                    y[i] = source[{(Panels ? "i * 16" : "i")}]{factor}{position};
                """);
        }
    }
}
