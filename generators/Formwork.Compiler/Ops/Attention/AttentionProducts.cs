using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// The products of attention over rows, in register tiles, at a vector width. Scores and weights lie <c>[position, query]</c>, queries along
/// vectors: so a softmax needs no sum across a vector, and each product broadcasts the numbers of one operand. What no query of a tile sees
/// is skipped; <c>shift</c> is where the block's first query stands, counted from the block's first position.
/// </summary>
internal sealed class AttentionProducts(AttentionShape shape, VectorWidth width)
{
    /// <summary>All that the forward or the backward pass needs, each once.</summary>
    public void Emit(CodeWriter writer, bool backward)
    {
        int[] widths = shape.HeadWidth == shape.ValueWidth ? [shape.HeadWidth] : [shape.HeadWidth, shape.ValueWidth];
        foreach (int numbers in widths)
        {
            if (backward || numbers == shape.HeadWidth)
                EmitDots(writer, numbers);
            if (backward ? numbers == shape.HeadWidth : numbers == shape.ValueWidth)
                EmitGather(writer, numbers);
            if (backward)
                EmitSpread(writer, numbers);
        }
    }

    /// <summary>The first place that one at a place sees.</summary>
    public static string First(int? before, string at, string before_) => before is null ? "0" : $"Math.Max(0, {at} - {before_})";

    /// <summary>The place behind the last that one at a place sees.</summary>
    public static string End(int? behind, string limit, string at, string behind_) => behind is null ? limit : $"Math.Min({limit}, {at} + {behind_} + 1)";

    private void EmitDots(CodeWriter writer, int numbers)
    {
        int row = Kernel.Padded(numbers), lanes = 2 * width.Lanes;
        int second = lanes == 32 ? 16 * numbers : width.Lanes;
        var tile = new AttentionTile($"Dots{numbers}Of", width, $"{row}", "1", "16", $"{second}", "QueryBlock", Adds: false);
        int[] counts = lanes == 32 ? [2, 1] : [2];
        writer.Line();
        writer.Lines("// scores[position, query] = Σ rows[position, i] · panels[i, query].");
        using (writer.Block($"{Kernel.Optimized}\nprivate static void Dots{numbers}Of{width.Bits}(float* rows, float* panels, float* scores, int queries, int positions, int shift)"))
        using (writer.Block($"for (int lane = 0; lane < queries; lane += {lanes})"))
        {
            string first = First(shape.Back, "lane + shift", "Back"), end = End(shape.Ahead, "positions", $"lane + shift + {lanes - 1}", "Ahead");
            writer.Lines(
                $"""
                int position = {(first == "0" ? first : first + " & ~3")}, end = {end} + 3 & ~3;
                float* panel = panels + lane / 16 * {numbers * 16}{(lanes < 16 ? " + lane % 16" : "")}, column = scores + lane;
                """);
            foreach (int vectors in counts)
            {
                using (counts.Length == 1 ? null : writer.Block(vectors == 2 ? "if (queries - lane > 16)" : "else"))
                    tile.EmitLoops(writer, "position", "end", rows => writer.Lines($"{tile.Method(rows, vectors)}(rows + position * {row}, panel, column + position * QueryBlock, {numbers});"));
            }
        }
        EmitTiles(writer, tile, counts);
    }

    private void EmitGather(CodeWriter writer, int numbers)
    {
        int row = Kernel.Padded(numbers);
        var tile = new AttentionTile($"Gather{numbers}Of", width, "1", "QueryBlock", $"{row}", $"{width.Lanes}", $"{row}", Adds: true);
        writer.Line();
        writer.Lines("// sums[query, :] += Σ weights[position, query] · rows[position, :].");
        EmitColumns(writer, tile, numbers, "queries", "weights + first * QueryBlock + row", rows =>
            (First(shape.Back, "row + shift", "Back"), End(shape.Ahead, "positions", $"row + {rows - 1} + shift", "Ahead")));
    }

    private void EmitSpread(CodeWriter writer, int numbers)
    {
        int row = Kernel.Padded(numbers);
        var tile = new AttentionTile($"Spread{numbers}Of", width, "QueryBlock", "1", $"{row}", $"{width.Lanes}", $"{row}", Adds: true);
        writer.Line();
        writer.Lines("// sums[position, :] += Σ weights[position, query] · rows[query, :].");
        EmitColumns(writer, tile, numbers, "positions", "weights + row * QueryBlock + first", rows =>
            (First(shape.Ahead, "row - shift", "Ahead"), End(shape.Back, "queries", $"row + {rows - 1} - shift", "Back")));
    }

    private void EmitColumns(CodeWriter writer, AttentionTile tile, int numbers, string rowCount, string scalars, Func<int, (string First, string End)> scope)
    {
        int row = Kernel.Padded(numbers), pair = 2 * width.Lanes;
        var counts = new List<int>();
        using (writer.Block($"{Kernel.Optimized}\nprivate static void {tile.Name}{width.Bits}(float* weights, float* rows, float* sums, int queries, int positions, int shift)"))
        {
            writer.Lines($"int end = {rowCount} + 3 & ~3;");
            if (row >= pair)
            {
                counts.Add(2);
                using (writer.Block($"for (int column = 0; column < {row / pair * pair}; column += {pair})"))
                    Loops(2);
            }
            if (row % pair != 0)
            {
                counts.Add(1);
                using (writer.Block(""))
                {
                    writer.Lines($"const int column = {row / pair * pair};");
                    Loops(1);
                }
            }
        }
        EmitTiles(writer, tile, counts);

        void Loops(int vectors)
        {
            writer.Lines("int row = 0;");
            tile.EmitLoops(writer, "row", "end", rows =>
            {
                (string first, string end) = scope(rows);
                writer.Lines(
                    $"""
                    int first = {first}, last = {end};
                    {tile.Method(rows, vectors)}({scalars}, rows + first * {row} + column, sums + row * {row} + column, last - first);
                    """);
            });
        }
    }

    private static void EmitTiles(CodeWriter writer, AttentionTile tile, IEnumerable<int> counts)
    {
        foreach (int vectors in counts)
        {
            foreach (int rows in tile.Sizes)
                tile.Emit(writer, rows, vectors);
        }
    }
}
