using Formwork.Compiler.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>
/// A product in registers, target[row, :] (+)= Σₖ scalars[row, k] · vectors[k, :]: some rows by one or two vectors. Accumulators are locals
/// <c>c{row}_{vector}</c>.
/// </summary>
/// <param name="Name">The method's name, without its size.</param>
/// <param name="Width">The vectors' width.</param>
/// <param name="ScalarRow">Floats from a row's scalar to the next row's.</param>
/// <param name="ScalarStep">Floats from a scalar to that of the next k.</param>
/// <param name="VectorStep">Floats from vectors to those of the next k.</param>
/// <param name="SecondVector">Floats from the first vector to the second.</param>
/// <param name="TargetRow">Floats from a target row to the next.</param>
/// <param name="Adds">Whether the target is added to.</param>
internal sealed record AttentionTile(string Name, VectorWidth Width, string ScalarRow, string ScalarStep, string VectorStep, string SecondVector, string TargetRow, bool Adds)
{
    /// <summary>Rows of the two sizes of tiles, of which rows in fours are made: 32 registers hold 8 × 2 vectors, 16 registers 6 × 2.</summary>
    public IReadOnlyList<int> Sizes => Width.Lanes == 16 ? [8, 4] : [6, 4];

    /// <summary>The method's name for a size.</summary>
    public string Method(int rows, int vectors) => $"{Name}{Width.Bits}x{rows}x{vectors}";

    /// <summary>Loops over rows, in tiles; both bounds are apart by a multiple of four.</summary>
    public void EmitLoops(CodeWriter writer, string row, string end, Action<int> body)
    {
        foreach (int rows in Sizes)
        {
            // Sixes, until fours are left.
            string more = rows switch { 8 => $"{end} - {row} >= 8", 6 => $"{end} - {row} >= 10 || {end} - {row} == 6", _ => $"{row} < {end}" };
            using (writer.Block($"for (; {more}; {row} += {rows})"))
                body(rows);
        }
    }

    /// <summary>Writes the method of a size.</summary>
    public void Emit(CodeWriter writer, int rows, int vectors)
    {
        string v = Width.Class;
        string At(string pointer, int row, int vector)
        {
            string second = vector == 0 ? "" : $" + {Width.Lanes}";
            return $"{pointer}{row switch { 0 => "", 1 => $" + {TargetRow}", _ => $" + {row} * {TargetRow}" }}{second}";
        }
        writer.Line();
        using IDisposable method = writer.Block($"{Kernel.Optimized}\nprivate static void {Method(rows, vectors)}(float* scalars, float* vectors, float* target, int depth)");
        for (int row = 0; row < rows; row++)
        {
            IEnumerable<string> values = Enumerable.Range(0, vectors).Select(vector => $"c{row}_{vector} = {(Adds ? $"{v}.Load({At("target", row, vector)})" : $"{Width.Type}.Zero")}");
            writer.Lines($"{Width.Type} {string.Join(", ", values)};");
        }
        using (writer.Block($"for (int k = 0; k < depth; k++, scalars += {ScalarStep}, vectors += {VectorStep})"))
        {
            writer.Lines($"{Width.Type} b0 = {v}.Load(vectors){(vectors == 1 ? "" : $", b1 = {v}.Load(vectors + {SecondVector})")};");
            for (int row = 0; row < rows; row++)
            {
                string scalar = ScalarRow == "1" ? $"scalars[{row}]" : $"scalars[{row} * {ScalarRow}]";
                writer.Lines($"{(row == 0 ? Width.Type + " " : "")}a = {v}.Create({scalar});");
                for (int vector = 0; vector < vectors; vector++)
                    writer.Lines($"c{row}_{vector} = {v}.MultiplyAddEstimate(a, b{vector}, c{row}_{vector});");
            }
        }
        for (int row = 0; row < rows; row++)
        {
            for (int vector = 0; vector < vectors; vector++)
                writer.Lines($"c{row}_{vector}.Store({At("target", row, vector)});");
        }
    }
}
