using Formwork.Compiler.CSharp;

namespace Formwork.Compiler.Ops;

/// <summary>
/// The lines of a register tile of the gradients' products, c[row][vector] += left[row] · right[vector] at each step. The right operand was
/// packed: a step's vectors stand side by side. Accumulators are locals <c>c{row}_{vector}</c>; vectors run over panels, parts of a panel.
/// </summary>
/// <param name="width">The vectors.</param>
/// <param name="rows">Rows of the tile: scalars of the left operand a step.</param>
/// <param name="panels">Panels of 16 columns.</param>
internal sealed class GradientTile(VectorWidth width, int rows, int panels)
{
    private readonly string _v = width.Class;

    private int Vectors => panels * width.VectorsPerPanel;

    public string Name => $"Tile{width.Bits}x{rows}x{panels}";

    public string Title => $"{Count(rows, "row")} × {Count(panels, "panel")}: {rows * Vectors} accumulators of {width.Lanes} lanes.";

    public string Declarations() => string.Join("\n", Rows().Select(row =>
        $"{width.Type} {string.Join(", ", VectorIndexes().Select(vector => $"c{row}_{vector} = {width.Type}.Zero"))};"));

    /// <summary>One step; the fewer of the two operands are held in registers.</summary>
    public string MultiplyAdds(Func<int, string> left) => string.Join("\n", rows < Vectors ? HoldingLeft(left) : HoldingRight(left));

    private IEnumerable<string> HoldingRight(Func<int, string> left)
    {
        foreach (int vector in VectorIndexes())
            yield return $"{width.Type} right{vector} = {_v}.Load(packed{Plus(vector * width.Lanes)});";
        foreach (int row in Rows())
        {
            yield return $"{(row == 0 ? width.Type + " " : "")}left = {_v}.Create({left(row)});";
            foreach (int vector in VectorIndexes())
                yield return MultiplyAdd(row, vector, "left", $"right{vector}");
        }
    }

    private IEnumerable<string> HoldingLeft(Func<int, string> left)
    {
        foreach (int row in Rows())
            yield return $"{width.Type} left{row} = {_v}.Create({left(row)});";
        foreach (int vector in VectorIndexes())
        {
            yield return $"{(vector == 0 ? width.Type + " " : "")}right = {_v}.Load(packed{Plus(vector * width.Lanes)});";
            foreach (int row in Rows())
                yield return MultiplyAdd(row, vector, $"left{row}", "right");
        }
    }

    private string MultiplyAdd(int row, int vector, string left, string right) =>
        $"c{row}_{vector} = {_v}.MultiplyAddEstimate({left}, {right}, c{row}_{vector});";

    /// <summary>Stores the tile, or adds it to what is there. <paramref name="at"/> gives the address of a row's panel.</summary>
    public string Stores(Func<int, int, string> at, bool adds)
    {
        IEnumerable<string> lines = Rows().SelectMany(_ => VectorIndexes(), (row, vector) =>
        {
            string address = at(row, vector / width.VectorsPerPanel) + Plus(vector % width.VectorsPerPanel * width.Lanes);
            return adds ? $"({_v}.Load({address}) + c{row}_{vector}).Store({address});" : $"c{row}_{vector}.Store({address});";
        });
        return string.Join("\n", lines);
    }

    private static string Plus(int floats) => floats == 0 ? "" : $" + {floats}";

    private static string Count(int count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";

    private IEnumerable<int> Rows() => Enumerable.Range(0, rows);

    private IEnumerable<int> VectorIndexes() => Enumerable.Range(0, Vectors);
}
