using Formwork.Compiler.CSharp;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>The two products of attention for some queries at a vector width, in registers.</summary>
internal sealed class AttentionFragment(int headWidth, VectorWidth width, int queries)
{
    private readonly string _v = width.Class;

    /// <summary>scores[query, position] = query · key: panels of 16 positions, two at a time in the widest vectors.</summary>
    public void EmitScores(CodeWriter writer)
    {
        int panels = width.Lanes == 16 ? 2 : 1;
        int vectors = panels * width.VectorsPerPanel;
        writer.Line();
        writer.Lines("// scores[query, position] = query · key: panels of 16 positions, number by number.");
        using IDisposable method = writer.Block($"{Planning.Kernel.Optimized}\nprivate static void Scores{width.Bits}x{queries}(float* queries, float* keys, float* scores, int count)");
        using IDisposable loop = writer.Block($"for (int p = 0; p < count; p += {panels * 16}, keys += {panels * 16} * HeadWidth)");
        Accumulators(writer, vectors, (query, vector) => $"{width.Type}.Zero");
        using (writer.Block("for (int i = 0; i < HeadWidth; i++)"))
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                int panel = vector / width.VectorsPerPanel, part = vector % width.VectorsPerPanel;
                writer.Lines($"{width.Type} k{vector} = {_v}.Load(keys + i * 16{(panel == 0 ? "" : " + HeadWidth * 16")}{(part == 0 ? "" : $" + {part * width.Lanes}")});");
            }
            MultiplyAdds(writer, vectors, "k", query => $"queries[{Times(query, "HeadWidth", " + ")}i]");
        }
        Stores(writer, vectors, (query, vector) => $"scores + p{Plus(query, "Block")}{(vector == 0 ? "" : $" + {vector * width.Lanes}")}");
    }

    /// <summary>attended[query, :] += Σ weight[query, position] · value[position, :], two vectors of the head at a time.</summary>
    public void EmitValues(CodeWriter writer)
    {
        int padded = Planning.Kernel.Padded(headWidth) / width.Lanes;
        int vectors = padded % 2 == 0 ? 2 : 1;
        writer.Line();
        writer.Lines("// attended[query, :] += Σ weight[query, position] · value[position, :].");
        using IDisposable method = writer.Block($"{Planning.Kernel.Optimized}\nprivate static void Values{width.Bits}x{queries}(float* weights, float* values, float* attended, int count)");
        using IDisposable loop = writer.Block($"for (int d = 0; d < ValueStride; d += {vectors * width.Lanes})");
        string At(int query, int vector) => $"attended + d{Plus(query, "ValueStride")}{(vector == 0 ? "" : $" + {vector * width.Lanes}")}";
        Accumulators(writer, vectors, (query, vector) => $"{_v}.Load({At(query, vector)})");
        writer.Lines("float* value = values + d;");
        using (writer.Block("for (int p = 0; p < count; p++, value += ValueStride)"))
        {
            for (int vector = 0; vector < vectors; vector++)
                writer.Lines($"{width.Type} v{vector} = {_v}.Load(value{(vector == 0 ? "" : $" + {vector * width.Lanes}")});");
            MultiplyAdds(writer, vectors, "v", query => $"weights[{Times(query, "Block", " + ")}p]");
        }
        Stores(writer, vectors, At);
    }

    private static string Times(int count, string stride, string then) => count == 0 ? "" : (count == 1 ? stride : $"{count} * {stride}") + then;

    private static string Plus(int count, string stride) => count == 0 ? "" : " + " + Times(count, stride, "");

    private void Accumulators(CodeWriter writer, int vectors, Func<int, int, string> value)
    {
        for (int query = 0; query < queries; query++)
            writer.Lines($"{width.Type} {string.Join(", ", Enumerable.Range(0, vectors).Select(vector => $"c{query}_{vector} = {value(query, vector)}"))};");
    }

    private void MultiplyAdds(CodeWriter writer, int vectors, string operand, Func<int, string> scalar)
    {
        for (int query = 0; query < queries; query++)
        {
            writer.Lines($"{(query == 0 ? width.Type + " " : "")}s = {_v}.Create({scalar(query)});");
            for (int vector = 0; vector < vectors; vector++)
                writer.Lines($"c{query}_{vector} = {_v}.MultiplyAddEstimate(s, {operand}{vector}, c{query}_{vector});");
        }
    }

    private void Stores(CodeWriter writer, int vectors, Func<int, int, string> address)
    {
        for (int query = 0; query < queries; query++)
        {
            for (int vector = 0; vector < vectors; vector++)
                writer.Lines($"c{query}_{vector}.Store({address(query, vector)});");
        }
    }
}
