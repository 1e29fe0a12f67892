using Formwork.Compiler.CSharp;

namespace Formwork.Compiler.Ops;

/// <summary>The lines of one register tile. Accumulators are locals <c>c{row}_{vector}</c>; vectors run over groups, panels, parts of a panel.</summary>
internal sealed class TileFragment(LinearKernel kernel, VectorWidth width, Tile tile)
{
    private readonly int _panels = kernel.Gated ? 2 : 1;
    private readonly string _v = width.Class;

    /// <summary>Vectors of one group: panels by parts.</summary>
    private int GroupVectors => _panels * width.VectorsPerPanel;

    private int Vectors => tile.Groups * GroupVectors;

    public string Title
    {
        get
        {
            string rows = tile.Rows == 1 ? "1 row" : $"{tile.Rows} rows", groups = tile.Groups == 1 ? "1 group" : $"{tile.Groups} groups, step apart";
            return $"{rows} × {groups}: {tile.Rows * Vectors} accumulators of {width.Lanes} lanes.";
        }
    }

    public string Declarations()
    {
        IEnumerable<string> accumulators = Rows().Select(row =>
            $"{width.Type} {string.Join(", ", VectorIndexes().Select(vector => $"c{row}_{vector} = {width.Type}.Zero"))};");
        IEnumerable<string> groups = Enumerable.Range(1, tile.Groups - 1).Select(group => $"float* weight{group} = weight + (long)step * {group} * GroupFloats;");
        return string.Join("\n", accumulators.Concat(groups));
    }

    /// <summary>c[row][vector] += x[row] · w[vector], for one input number; the fewer of the two are held in registers.</summary>
    public string MultiplyAdds() => string.Join("\n", tile.Rows < Vectors ? HoldingInputs() : HoldingWeights());

    private IEnumerable<string> HoldingWeights()
    {
        foreach (int vector in VectorIndexes())
            yield return $"{width.Type} w{vector} = {_v}.Load({WeightAddress(vector)});";
        foreach (int row in Rows())
        {
            yield return $"{(row == 0 ? width.Type + " " : "")}x = {_v}.Create({InputAt(row)});";
            foreach (int vector in VectorIndexes())
                yield return MultiplyAdd(row, vector, "x", $"w{vector}");
        }
    }

    private IEnumerable<string> HoldingInputs()
    {
        foreach (int row in Rows())
            yield return $"{width.Type} x{row} = {_v}.Create({InputAt(row)});";
        foreach (int vector in VectorIndexes())
        {
            yield return $"{(vector == 0 ? width.Type + " " : "")}w = {_v}.Load({WeightAddress(vector)});";
            foreach (int row in Rows())
                yield return MultiplyAdd(row, vector, $"x{row}", "w");
        }
    }

    private string MultiplyAdd(int row, int vector, string input, string weight) =>
        $"c{row}_{vector} = {_v}.MultiplyAddEstimate({input}, {weight}, c{row}_{vector});";

    private static string InputAt(int row) => row switch { 0 => "*input", 1 => "input[InputStride]", _ => $"input[{row} * InputStride]" };

    /// <summary>Bias, activation, gate and residual, in registers; then the store.</summary>
    public string Epilogue()
    {
        var lines = new List<string>();
        for (int group = 0; group < tile.Groups; group++)
        {
            for (int part = 0; part < width.VectorsPerPanel; part++)
            {
                foreach (int row in Rows())
                    lines.Add(Finish(row, group, part));
            }
        }
        return string.Join("\n", lines);
    }

    private string Finish(int row, int group, int part)
    {
        string at = Address("output", row switch { 0 => "", 1 => "OutputStride", _ => $"{row} * OutputStride" }, group == 0 ? "" : group == 1 ? "step * 16" : $"step * {group * 16}", Offset(part * width.Lanes));
        string value = Value(row, group, part);
        if (kernel.AddsResidual)
            value = $"{_v}.Load({at}) + {value}";
        bool closed = value.Contains(' ') && !(value[0] == '(' && !kernel.Gated && kernel.Scale == 1);
        return closed ? $"({value}).Store({at});" : $"{value}.Store({at});";
    }

    private string Value(int row, int group, int part)
    {
        string value = Biased(row, group, 0, part);
        if (kernel.Clamp is not null)
            value = $"{_v}.Min({value}, {_v}.Create(Clamp))";
        if (kernel.Activation is { } activation)
            value = $"VectorMath.{activation}({value})";
        if (kernel.Gated)
        {
            string up = Biased(row, group, 1, part);
            if (kernel.Clamp is not null)
                up = $"{_v}.Min({_v}.Max({up}, {_v}.Create(-Clamp)), {_v}.Create(Clamp))";
            if (kernel.UpOffset != 0)
                up = $"({up} + {_v}.Create(UpOffset))";
            value = $"{value} * {up}";
        }
        if (kernel.Scale != 1)
            value = $"{value} * Scale";
        return kernel.Cap is null ? value : $"VectorMath.Tanh({value} * (1 / Cap)) * Cap";
    }

    private string Biased(int row, int group, int panel, int part)
    {
        int vector = group * GroupVectors + panel * width.VectorsPerPanel + part;
        if (!kernel.Bias)
            return $"c{row}_{vector}";
        int floats = 16 * _panels;
        string at = Address("bias", group == 0 ? "" : group == 1 ? $"step * {floats}" : $"step * {group * floats}", Offset(panel * 16 + part * width.Lanes));
        return kernel.Gated || kernel.Activation is null || kernel.Clamp is not null ? $"(c{row}_{vector} + {_v}.Load({at}))" : $"c{row}_{vector} + {_v}.Load({at})";
    }

    private string WeightAddress(int vector)
    {
        int group = vector / GroupVectors, panel = vector % GroupVectors / width.VectorsPerPanel, part = vector % width.VectorsPerPanel;
        return Address(group == 0 ? "weight" : $"weight{group}", panel == 0 ? "" : "Inputs * 16", Offset(part * width.Lanes), "k");
    }

    private static string Address(string pointer, params string[] offsets) => string.Join(" + ", offsets.Where(offset => offset.Length > 0).Prepend(pointer));

    private static string Offset(int floats) => floats == 0 ? "" : $"{floats}";

    private IEnumerable<int> Rows() => Enumerable.Range(0, tile.Rows);

    private IEnumerable<int> VectorIndexes() => Enumerable.Range(0, Vectors);
}
