using Formwork.Compiler.CSharp;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: blocks of rows and outputs, groups of inputs whose weights are packed, tiles.</content>
public sealed partial record InputGradientKernel
{
    public override void EmitCSharp(CodeWriter writer)
    {
        writer.Lines(
            $"""
            /// <summary>{Formula}</summary>
            /// <remarks>{CSharpLiteral.Grouped(FlopsPerRow)} flops a row.</remarks>
            """);
        using IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $"""
            private const int Inputs = {Inputs};
            private const int Outputs = {Outputs};
            private const int InputStride = {Padded(Inputs)};
            private const int OutputStride = {Padded(Outputs)};

            // Panels of 16 inputs, and for how many outputs their weights are turned around at a time.
            private const int Panels = {Panels};
            private const int OutputBlock = {OutputBlock};

            """);
        EmitRun(writer);
        EmitPack(writer);
        foreach (VectorWidth width in VectorWidth.All)
        {
            EmitBlocks(writer, width);
            for (int panels = MostPanels(width); panels > 0; panels--)
            {
                EmitGroup(writer, width, panels);
                foreach (Tile tile in Tile.ForRows(width, gated: false))
                    EmitTile(writer, width, tile.Rows, panels);
            }
        }
    }

    private void EmitRun(CodeWriter writer)
    {
        using IDisposable method = writer.Block($"{Optimized}\npublic static void Run(float* outputGradient, float* weight, float* inputGradient, int rows, float* scratch, Worker worker)");
        writer.Lines(
            $"""
            // Each worker computes some of the inputs, for all rows; where there are few for each, all inputs for some rows.
            bool byRows = 3 * worker.Count > Panels;
            (int first, int end) = byRows ? (0, Panels) : worker.Share(Panels);
            (int row, int last) = byRows ? worker.Share(rows, 8) : (0, rows);
            outputGradient += (long)row * OutputStride;
            inputGradient += (long)row * InputStride;
            {VectorWidth.Branch(width => $"Blocks{width.Bits}(outputGradient, weight, inputGradient, last - row, scratch, first, end);")}
            """);
    }

    private static void EmitPack(CodeWriter writer) => writer.Lines(
        $$"""

        // The weights of some panels of inputs, output by output.
        {{Optimized}}
        private static void Pack(float* weight, float* packed, int panel, int panels, int depth)
        {
            for (int k = 0; k < depth; k += 16, weight += Inputs * 16)
                for (int p = 0; p < panels; p++)
                    PanelTransposition.Transpose(weight + (panel + p) * 256, Math.Min(16, Inputs - (panel + p) * 16), packed + (k * panels + p) * 16, panels * 16);
        }
        """);

    private void EmitBlocks(CodeWriter writer, VectorWidth width)
    {
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Blocks{width.Bits}(float* outputGradient, float* weight, float* inputGradient, int rows, float* packed, int first, int end)");
        writer.Lines(
            $"""
            // Blocks of about as many rows each, whose gradients stay in the caches while the groups of inputs pass.
            int blocks = (rows + {RowBlock(width) - 1}) / {RowBlock(width)}, step = blocks == 0 ? 1 : ((rows + blocks - 1) / blocks + 7) / 8 * 8;
            """);
        using IDisposable rowLoop = writer.Block("for (int row = 0; row < rows; row += step)");
        using IDisposable outputLoop = writer.Block("for (int output = 0; output < Outputs; output += OutputBlock)");
        writer.Lines(
            $"""
            int count = Math.Min(step, rows - row), depth = Math.Min(OutputBlock, Outputs - output), panel = first;
            float* dy = outputGradient + (long)row * OutputStride + output, w = weight + (long)output * Inputs, dx = inputGradient + (long)row * InputStride;
            """);
        GradientGroups.Loop(writer, MostPanels(width), panels => $"Group{width.Bits}x{panels}(dy, w, dx, count, packed, panel, depth{(Adds ? "" : ", output > 0")});");
    }

    private void EmitGroup(CodeWriter writer, VectorWidth width, int panels)
    {
        string adds = Adds ? "" : ", bool adds";
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Group{width.Bits}x{panels}(float* dy, float* weight, float* dx, int rows, float* packed, int panel, int depth{adds})");
        writer.Lines(
            $"""
            Pack(weight, packed, panel, {panels}, depth);
            dx += panel * 16;
            int row = 0;
            """);
        foreach (int rows in Tile.ForRows(width, gated: false).Select(tile => tile.Rows))
        {
            writer.Lines(
                $"""
                for (; row {(rows == 1 ? "< rows; row++" : $"+ {rows} <= rows; row += {rows}")})
                    {new GradientTile(width, rows, panels).Name}(dy + (long)row * OutputStride, packed, dx + (long)row * InputStride, depth{(Adds ? "" : ", adds")});
                """);
        }
    }

    private void EmitTile(CodeWriter writer, VectorWidth width, int rows, int panels)
    {
        var tile = new GradientTile(width, rows, panels);
        writer.Line();
        writer.Lines($"// {tile.Title}");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void {tile.Name}(float* dy, float* packed, float* dx, int depth{(Adds ? "" : ", bool adds")})");
        writer.Lines(tile.Declarations());
        using (writer.Block($"for (int k = 0; k < depth; k++, dy++, packed += {panels * Lanes})"))
            writer.Lines(tile.MultiplyAdds(row => row switch { 0 => "*dy", 1 => "dy[OutputStride]", _ => $"dy[{row} * OutputStride]" }));
        string At(int row, int panel) => $"dx{row switch { 0 => "", 1 => " + InputStride", _ => $" + {row} * InputStride" }}{(panel == 0 ? "" : $" + {panel * Lanes}")}";
        if (Adds)
        {
            writer.Lines(tile.Stores(At, adds: true));
            return;
        }
        using (writer.Block("if (adds)"))
            writer.Lines(tile.Stores(At, adds: true));
        using (writer.Block("else"))
            writer.Lines(tile.Stores(At, adds: false));
    }
}
