using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>Rows' gradients are added to the gradients of the table's rows that they were looked up from.</summary>
/// <param name="Width">Numbers of a row.</param>
/// <param name="Panels">Whether the table is packed in panels, because the unembedding is the same matrix.</param>
/// <param name="Factor">What a looked-up row was multiplied by.</param>
public sealed record EmbeddingGradientKernel(int Width, bool Panels, double Factor) : Kernel
{
    /// <summary>What is added to an id to give the table's row.</summary>
    public int IdOffset { get; init; }

    public override string Name =>
        $"{(Panels ? "Panel" : "")}EmbeddingGradient{Width}{(Factor == 1 ? "" : $"Scaled{NamePart(Factor)}")}{(IdOffset == 0 ? "" : $"From{NamePart(IdOffset)}")}";

    public override string Formula => $"dtable[id[row]{(IdOffset == 0 ? "" : $" + {IdOffset}")}, {Width}] += {(Factor == 1 ? "" : $"{Number(Factor)} · ")}dy[row, {Width}]";

    public override long FlopsPerRow => 2L * Width;

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
        if (IdOffset != 0)
            writer.Lines($"private const int IdOffset = {IdOffset};");
        writer.Line();
        using (writer.Block($"{Optimized}\npublic static void Run(int* ids, float* outputGradient, float* tableGradient, int rows, Worker worker)"))
        {
            writer.Lines("// Each worker adds some of the columns of all rows, in order: rows with the same id meet in one place.");
            if (Panels)
                EmitPanelRows(writer);
            else
            {
                writer.Lines(
                    $"""
                    (int first, int end) = worker.Share(Stride, 16);
                    {VectorWidth.Branch(width => $"Rows{width.Bits}(ids, outputGradient, tableGradient, rows, first, end);")}
                    """);
            }
        }
        if (Panels)
            return;
        foreach (VectorWidth width in VectorWidth.All)
            EmitRows(writer, width);
    }

    private string Id => $"ids[row]{(IdOffset == 0 ? "" : " + IdOffset")}";

    private void EmitPanelRows(CodeWriter writer)
    {
        writer.Lines("(int first, int end) = worker.Share(Width, 16);");
        using IDisposable loop = writer.Block("for (int row = 0; row < rows; row++)");
        writer.Lines(
            $"""
            // The table is also the unembedding: panels of 16 tokens, number by number.
            int id = {Id};
            float* dy = outputGradient + (long)row * Stride, target = tableGradient + (long)(id / 16) * (Width * 16) + id % 16;
            for (int i = first; i < end; i++)
                target[i * 16] += {(Factor == 1 ? "" : "Factor * ")}dy[i];
            """);
    }

    private void EmitRows(CodeWriter writer, VectorWidth width)
    {
        string v = width.Class, dy = $"{v}.Load(dy + i)";
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Rows{width.Bits}(int* ids, float* outputGradient, float* tableGradient, int rows, int first, int end)");
        using IDisposable loop = writer.Block("for (int row = 0; row < rows; row++)");
        writer.Lines(
            $"""
            float* dy = outputGradient + (long)row * Stride, target = tableGradient + (long)({Id}) * Stride;
            for (int i = first; i < end; i += {width.Lanes})
                ({v}.Load(target + i) + {(Factor == 1 ? dy : $"{dy} * Factor")}).Store(target + i);
            """);
    }
}
