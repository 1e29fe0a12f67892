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
public sealed record EmbeddingKernel(int Width, bool Panels, double Factor, bool LearnedPositions, bool Sinusoids) : PassKernel
{
    /// <summary>Whether the rows are given as vectors and not looked up.</summary>
    public bool Vectors { get; init; }

    /// <summary>Whether the vector of the token's type is added.</summary>
    public bool TokenTypes { get; init; }

    /// <summary>The row of position 0 in the table of learned positions.</summary>
    public int PositionOffset { get; init; }

    private bool Positions => LearnedPositions || Sinusoids;

    public override string Name =>
        $"{(Vectors ? "Vectors" : Panels ? "PanelEmbedding" : "Embedding")}{Width}{(Factor == 1 ? "" : "Scaled")}{(TokenTypes ? "Typed" : "")}{(LearnedPositions ? "WithPositions" : Sinusoids ? "WithSinusoids" : "")}"
        + (PositionOffset == 0 ? "" : $"From{PositionOffset}");

    public override string Formula
    {
        get
        {
            string source = Vectors ? "x[row]" : $"{(Factor == 1 ? "" : Number(Factor) + " · ")}table[token]";
            string position = PositionOffset == 0 ? "position" : $"position + {PositionOffset}";
            return $"y[rows, {Width}] = {source}{(TokenTypes ? " + types[type]" : "")}{(Positions ? $" + positions[{position}]" : "")}";
        }
    }

    public override string CallCSharp(PlanStep step)
    {
        string inputs = string.Join(", ", Operands().Select(operand => operand.Argument));
        string tables = string.Concat(step.Weights.Select(weight => $"Weights + {Names.CSharp(weight.Path)}, "));
        if (step.Table is { } table)
            tables += $"Tables + {table.Offset}, ";
        return $"{inputs}, {tables}{step.Output!.Name}, batch.Rows";
    }

    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines($"/// <summary>{Formula}</summary>");
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $"""
            private const int Width = {Width};
            private const int Stride = {Padded(Width)};
            """);
        if (Factor != 1)
            writer.Lines($"private const float Factor = {CSharpLiteral.Float(Factor)};");
        writer.Line();
        string parameters = string.Join(", ", Operands().Select(operand => operand.Parameter).Concat(Tables()));
        using (writer.Block($"{Optimized}\npublic static void Run({parameters}, float* output, int rows, Worker worker)"))
        {
            writer.Lines("(int first, int end) = worker.Share(rows);");
            using IDisposable loop = writer.Block("for (int row = first; row < end; row++)");
            EmitSources(writer);
            string factor = Factor == 1 ? "" : " * Factor", type = TokenTypes ? " + type[i]" : "", position = Positions ? " + position[i]" : "";
            writer.Lines(
                $"""
                float* y = output + (long)row * Stride;
                for (int i = 0; i < Width; i++)
                    y[i] = source[{(Panels ? "i * 16" : "i")}]{factor}{type}{position};
                """);
        }
    }

    private void EmitSources(CodeWriter writer)
    {
        writer.Lines(Vectors ? "float* source = vectors + (long)row * Stride;"
            : Panels ? """
            // The table is also the unembedding: panels of 16 tokens, number by number.
            float* source = table + (long)(tokens[row] / 16) * (Width * 16) + tokens[row] % 16;
            """
            : "float* source = table + (long)tokens[row] * Stride;");
        if (TokenTypes)
            writer.Lines("float* type = typeTable + (long)types[row] * Stride;");
        if (Positions)
            writer.Lines($"float* position = positionTable + (long){(PositionOffset == 0 ? "positions[row]" : $"(positions[row] + {PositionOffset})")} * Stride;");
    }

    private IEnumerable<(string Parameter, string Argument)> Operands()
    {
        yield return Vectors ? ("float* vectors", "batch.Vectors") : ("int* tokens", "batch.Tokens");
        if (TokenTypes)
            yield return ("int* types", "batch.TokenTypes");
        if (Positions)
            yield return ("int* positions", "batch.Positions");
    }

    private IEnumerable<string> Tables()
    {
        if (!Vectors)
            yield return "float* table";
        if (TokenTypes)
            yield return "float* typeTable";
        if (Positions)
            yield return "float* positionTable";
    }
}
