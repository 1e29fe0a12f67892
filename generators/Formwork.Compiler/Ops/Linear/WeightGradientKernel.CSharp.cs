using Formwork.Compiler.CSharp;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: blocks of rows and inputs, both operands packed, tiles.</content>
public sealed partial record WeightGradientKernel
{
    private string BiasParameter => Bias ? " float* biasGradient," : "";

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

            // Panels of 16 outputs, and the most rows that one walk over the gradients sums.
            private const int Panels = {Panels};
            private const int RowBlock = {RowBlock};

            """);
        EmitRun(writer);
        foreach (VectorWidth width in VectorWidth.All)
        {
            EmitBlocks(writer, width);
            EmitPackInput(writer, width);
            for (int panels = MostPanels(width); panels > 0; panels--)
            {
                EmitPackGradient(writer, width, panels);
                EmitGroup(writer, width, panels);
                foreach (int inputs in TileHeights(width))
                    EmitTile(writer, width, inputs, panels);
            }
        }
    }

    private void EmitRun(CodeWriter writer)
    {
        using IDisposable method = writer.Block($"{Optimized}\npublic static void Run(float* input, float* outputGradient, float* weightGradient,{BiasParameter} int rows, float* scratch, Worker worker)");
        writer.Lines(
            $"""
            // Each worker computes the gradients of some outputs' weights, from all rows in order.
            (int first, int end) = worker.Share(Panels);
            if (first == end)
                return;
            {VectorWidth.Branch(width => $"Blocks{width.Bits}(input, outputGradient, weightGradient,{(Bias ? " biasGradient," : "")} rows, scratch, first, end);")}
            """);
    }

    private void EmitBlocks(CodeWriter writer, VectorWidth width)
    {
        int inputBlock = InputBlock(width);
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Blocks{width.Bits}(float* input, float* outputGradient, float* weightGradient,{BiasParameter} int rows, float* scratch, int first, int end)");
        writer.Lines(
            $"""
            float* packedInput = scratch, packed = scratch + RowBlock * {Padded(inputBlock)};
            int blocks = (rows + RowBlock - 1) / RowBlock, step = blocks == 0 ? 1 : (rows + blocks - 1) / blocks;
            """);
        using IDisposable rowLoop = writer.Block("for (int row = 0; row < rows; row += step)");
        using IDisposable inputLoop = writer.Block($"for (int i = 0; i < Inputs; i += {inputBlock})");
        writer.Lines(
            $"""
            int depth = Math.Min(step, rows - row), count = Math.Min({inputBlock}, Inputs - i), panel = first;
            float* dy = outputGradient + (long)row * OutputStride, dw = weightGradient + i * 16;
            PackInput{width.Bits}(input + (long)row * InputStride + i, packedInput, depth, count);
            """);
        string bias = Bias ? " i == 0 ? biasGradient : null," : "";
        GradientGroups.Loop(writer, MostPanels(width), panels => $"Group{width.Bits}x{panels}(packedInput, dy, dw,{bias} packed, panel, depth, count);");
    }

    /// <summary>Heights of the tiles of a width: whole ones, and the one that is left at the end of the inputs.</summary>
    private IEnumerable<int> TileHeights(VectorWidth width)
    {
        int inputs = TileInputs(width);
        return new[] { Inputs >= inputs ? inputs : 0, Inputs % inputs }.Where(height => height > 0);
    }

    private void EmitPackInput(CodeWriter writer, VectorWidth width)
    {
        int inputs = TileInputs(width);
        writer.Line();
        writer.Lines("// The inputs of each tile, row by row: tiles walk memory evenly, whatever the stride. Eight rows at a time, so that whole cache lines are read and written.");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void PackInput{width.Bits}(float* input, float* packed, int depth, int count)");
        using IDisposable loop = writer.Block("for (int first = 0; first < depth; first += 8)");
        writer.Lines("int end = Math.Min(first + 8, depth), i = 0;");
        foreach (int height in TileHeights(width))
        {
            using IDisposable tile = writer.Block(height == inputs ? $"for (; i + {inputs} <= count; i += {inputs})" : "if (i < count)");
            writer.Lines($"float* source = input + (long)first * InputStride + i, target = packed + i * depth + first * {height};");
            using IDisposable rows = writer.Block($"for (int row = first; row < end; row++, source += InputStride, target += {height})");
            writer.Lines(Copy(height));
        }
    }

    /// <summary>Copies some numbers in the widest pieces there are.</summary>
    private static string Copy(int count)
    {
        var lines = new List<string>();
        for (int at = 0; at < count;)
        {
            string plus = at == 0 ? "" : $" + {at}";
            int size = count - at >= 8 ? 8 : count - at >= 4 ? 4 : count - at >= 2 ? 2 : 1;
            lines.Add(size switch
            {
                8 => $"Vector256.Load(source{plus}).Store(target{plus});",
                4 => $"Vector128.Load(source{plus}).Store(target{plus});",
                2 => $"*(long*)(target{plus}) = *(long*)(source{plus});",
                _ => $"target[{at}] = source[{at}];",
            });
            at += size;
        }
        return string.Join("\n", lines);
    }

    private void EmitPackGradient(CodeWriter writer, VectorWidth width, int panels)
    {
        string v = width.Class;
        int vectors = panels * width.VectorsPerPanel, masked = Outputs % Lanes == 0 ? vectors : vectors - width.VectorsPerPanel;
        writer.Line();
        writer.Lines($"// dy of {(panels == 1 ? "a panel" : $"{panels} panels")}, row by row{(Bias ? "; its sums over the rows are the bias's gradient" : "")}.");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void PackGradient{width.Bits}x{panels}(float* dy,{BiasParameter} float* packed, int panel, int depth)");
        if (masked < vectors)
        {
            writer.Lines("// Lanes past the last output count as zero, whatever is there.");
            writer.Lines($"{v}<float> lanes = {v}.Create(panel + {panels} == Panels ? {Outputs % Lanes}f : 16f);");
            for (int vector = masked; vector < vectors; vector++)
                writer.Lines($"{width.Type} mask{vector} = {v}.LessThan({v}.CreateSequence({(vector - masked) * width.Lanes}f, 1f), lanes);");
        }
        if (Bias)
            writer.Lines($"{width.Type} {string.Join(", ", Enumerable.Range(0, vectors).Select(vector => $"sum{vector} = {width.Type}.Zero"))};");
        using (writer.Block($"for (int row = 0; row < depth; row++, dy += OutputStride, packed += {panels * Lanes})"))
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                string plus = vector == 0 ? "" : $" + {vector * width.Lanes}", mask = vector < masked ? "" : $" & mask{vector}";
                writer.Lines(Bias
                    ? $"""
                    {width.Type} d{vector} = {v}.Load(dy{plus}){mask};
                    sum{vector} += d{vector};
                    d{vector}.Store(packed{plus});
                    """
                    : $"({v}.Load(dy{plus}){mask}).Store(packed{plus});");
            }
        }
        if (Bias)
        {
            using IDisposable sums = writer.Block("if (biasGradient is not null)");
            for (int vector = 0; vector < vectors; vector++)
            {
                string at = $"biasGradient + panel * 16{(vector == 0 ? "" : $" + {vector * width.Lanes}")}";
                writer.Lines($"({v}.Load({at}) + sum{vector}).Store({at});");
            }
        }
    }

    private void EmitGroup(CodeWriter writer, VectorWidth width, int panels)
    {
        writer.Line();
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Group{width.Bits}x{panels}(float* packedInput, float* dy, float* dw,{BiasParameter} float* packed, int panel, int depth, int count)");
        writer.Lines(
            $"""
            PackGradient{width.Bits}x{panels}(dy + panel * 16,{(Bias ? " biasGradient," : "")} packed, panel, depth);
            dw += (long)panel * Inputs * 16;
            int i = 0;
            """);
        int inputs = TileInputs(width);
        foreach (int height in TileHeights(width))
        {
            writer.Lines(
                $"""
                {(height == inputs ? $"for (; i + {inputs} <= count; i += {inputs})" : "if (i < count)")}
                    {new GradientTile(width, height, panels).Name}(packedInput + i * depth, packed, dw + i * 16, depth);
                """);
        }
    }

    private void EmitTile(CodeWriter writer, VectorWidth width, int inputs, int panels)
    {
        var tile = new GradientTile(width, inputs, panels);
        writer.Line();
        writer.Lines($"// {tile.Title}");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void {tile.Name}(float* x, float* packed, float* dw, int depth)");
        writer.Lines(tile.Declarations());
        using (writer.Block($"for (int row = 0; row < depth; row++, x += {inputs}, packed += {panels * Lanes})"))
            writer.Lines(tile.MultiplyAdds(row => row == 0 ? "*x" : $"x[{row}]"));
        writer.Lines(tile.Stores((row, panel) => $"dw{panel switch { 0 => "", 1 => " + Inputs * 16", _ => $" + {panel} * Inputs * 16" }}{(row == 0 ? "" : $" + {row * Lanes}")}", adds: true));
    }
}
