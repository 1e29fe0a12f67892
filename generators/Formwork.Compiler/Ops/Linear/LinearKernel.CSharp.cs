using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <content>The emitted C#: a driver, and for each vector width the loops over tiles and the tiles.</content>
public sealed partial record LinearKernel
{
    private string BiasParameter => Bias ? " float* bias," : "";

    public override string CallCSharp(PlanStep step)
    {
        string rows = step.Rows == StepRows.Outputs ? "batch.Outputs" : "batch.Rows";
        string weights = string.Join(", ", step.Weights.Select(weight => $"Weights + {Names.CSharp(weight.Path)}"));
        return $"{step.Input!.Name}, {weights}, {step.Output?.Name ?? "batch.Result"}, {rows}";
    }

    public override void EmitCSharp(CodeWriter writer)
    {
        using IDisposable block = Open(writer);
        EmitDriver(writer);
        foreach (VectorWidth width in VectorWidth.All)
        {
            EmitOneRow(writer, width);
            EmitManyRows(writer, width);
            foreach (Tile tile in Tiles(width))
                EmitTile(writer, width, tile);
        }
    }

    private IDisposable Open(CodeWriter writer)
    {
        string bytes = CSharpLiteral.Grouped((long)Padded(Outputs) * PanelsPerGroup * Inputs * sizeof(float));
        writer.Lines(
            $"""
            /// <summary>{Formula}</summary>
            /// <remarks>{CSharpLiteral.Grouped(FlopsPerRow)} flops a row; {bytes} weight bytes a pass.</remarks>
            """);
        IDisposable block = writer.Block($"private static unsafe class {Name}");
        writer.Lines(
            $"""
            private const int Inputs = {Inputs};
            private const int Outputs = {Outputs};
            private const int InputStride = {Padded(Inputs)};
            private const int OutputStride = {Padded(Outputs)};

            // Outputs come in groups of 16: {(Gated ? "a gate panel and an up panel" : "one panel")} of weights each, padded with zeros at the end.
            private const int Groups = {Groups};
            private const int GroupFloats = {(Gated ? "2 * " : "")}Inputs * 16;
            """);
        foreach ((string name, double? value) in new[] { ("Clamp", Clamp), ("UpOffset", UpOffset == 0 ? null : UpOffset), ("Scale", Scale == 1 ? null : Scale), ("Cap", Cap) })
        {
            if (value is { } constant)
                writer.Lines($"private const float {name} = {CSharpLiteral.Float(constant)};");
        }
        return block;
    }

    private void EmitDriver(CodeWriter writer)
    {
        string arguments = $"input, weight,{(Bias ? " bias," : "")} output";
        int granule = Tile.ForRows(VectorWidth.V512, Gated)[0].Groups;
        writer.Line();
        using (writer.Block($"{Optimized}\npublic static void Run(float* input, float* weight,{BiasParameter} float* output, int rows, Worker worker)"))
        {
            writer.Lines(
                $"""
                // Each worker computes some of the outputs, for all rows.
                (int first, int end) = worker.Share(Groups, {granule});
                """);
            using (writer.Block("if (rows == 1)"))
                writer.Lines(VectorWidth.Branch(width => $"OneRow{width.Bits}({arguments}, first, end);"));
            using (writer.Block("else"))
                writer.Lines(VectorWidth.Branch(width => $"ManyRows{width.Bits}({arguments}, rows, first, end);"));
        }
    }

    private void EmitOneRow(CodeWriter writer, VectorWidth width)
    {
        writer.Line();
        writer.Lines("// One token: every weight is read once, from groups far apart, so that the memory sees several streams.");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void OneRow{width.Bits}(float* input, float* weight,{BiasParameter} float* output, int group, int end)");
        foreach (Tile tile in Tile.ForOneRow(width, Gated))
        {
            int groups = tile.Groups;
            writer.Lines(groups == 1
                ? $"""
                for (; group < end; group++)
                    {TileCall(width, tile, "input", "output", "1")}
                """
                : $"""
                int step{groups} = (end - group) / {groups};
                for (int last = group + step{groups}; group < last; group++)
                    {TileCall(width, tile, "input", "output", $"step{groups}")}
                group += step{groups} * {groups - 1};
                """);
        }
    }

    private void EmitManyRows(CodeWriter writer, VectorWidth width)
    {
        IReadOnlyList<Tile> tiles = Tile.ForRows(width, Gated);
        int groups = tiles[0].Groups;
        writer.Line();
        writer.Lines("// Many tokens: all rows pass by while a tile's weights stay in the second-level cache, so each weight comes from memory once.");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void ManyRows{width.Bits}(float* input, float* weight,{BiasParameter} float* output, int rows, int group, int end)");
        EmitGroupLoop(writer, tiles, width, groups);
        if (groups > 1 && Groups % groups != 0)
            EmitGroupLoop(writer, tiles, width, 1);
    }

    private void EmitGroupLoop(CodeWriter writer, IReadOnlyList<Tile> tiles, VectorWidth width, int groups)
    {
        using IDisposable loop = writer.Block(groups == 1 ? "for (; group < end; group++)" : $"for (; group + {groups} <= end; group += {groups})");
        writer.Lines("int row = 0;");
        foreach (Tile tile in tiles.Select(tile => tile with { Groups = groups }))
        {
            writer.Lines(
                $"""
                for (; row {(tile.Rows == 1 ? "< rows; row++" : $"+ {tile.Rows} <= rows; row += {tile.Rows}")})
                    {TileCall(width, tile, "input + (long)row * InputStride", "output + (long)row * OutputStride", "1")}
                """);
        }
    }

    /// <summary>The tiles that a width's loops call.</summary>
    private IEnumerable<Tile> Tiles(VectorWidth width)
    {
        IReadOnlyList<Tile> rows = Tile.ForRows(width, Gated);
        IEnumerable<Tile> remainder = Groups % rows[0].Groups == 0 ? [] : rows.Select(tile => tile with { Groups = 1 });
        return rows.Concat(remainder).Concat(Tile.ForOneRow(width, Gated)).Distinct();
    }

    private string TileCall(VectorWidth width, Tile tile, string input, string output, string step)
    {
        string bias = Bias ? $" bias + group * {PanelsPerGroup * Lanes}," : "";
        string steps = tile.Groups == 1 ? "" : $", {step}";
        return $"Tile{width.Bits}x{tile.Rows}x{tile.Groups}({input}, weight + (long)group * GroupFloats,{bias} {output} + group * 16{steps});";
    }

    private void EmitTile(CodeWriter writer, VectorWidth width, Tile tile)
    {
        var fragment = new TileFragment(this, width, tile);
        writer.Line();
        writer.Lines($"// {fragment.Title}");
        using IDisposable method = writer.Block($"{Optimized}\nprivate static void Tile{width.Bits}x{tile.Rows}x{tile.Groups}(float* input, float* weight,{BiasParameter} float* output{(tile.Groups == 1 ? "" : ", int step")})");
        writer.Lines(fragment.Declarations());
        using (writer.Block("for (nint k = 0; k < Inputs * 16; k += 16, input++)"))
            writer.Lines(fragment.MultiplyAdds());
        writer.Lines(fragment.Epilogue());
    }
}
