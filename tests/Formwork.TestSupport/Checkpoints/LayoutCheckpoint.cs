using System.Globalization;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Weights;

namespace Formwork.TestSupport.Checkpoints;

/// <summary>
/// A graph's parameters as the checkpoint that its spec's weight layout describes, and back: names, transposed matrices, fused tensors,
/// rows in the other rotary pairing. Written from what a layout means, apart from the compiler's and the loader's own reading of it.
/// </summary>
public static class LayoutCheckpoint
{
    /// <summary>Writes <c>model.safetensors</c> into a folder.</summary>
    public static void Write(string folder, ModelGraph graph, IReadOnlyDictionary<string, double[]> parameters) =>
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), Tensors(graph, parameters));

    /// <summary>The tensors that hold these parameters.</summary>
    public static IEnumerable<(string Name, int[] Shape, float[] Values)> Tensors(ModelGraph graph, IReadOnlyDictionary<string, double[]> parameters)
    {
        var stored = graph.Parameters.Select(node => StoredParameter.Of(graph.Spec, node));
        foreach (IGrouping<string, StoredParameter> tensor in stored.GroupBy(parameter => parameter.Tensor))
        {
            StoredParameter first = tensor.First();
            StoredParameter[] parts = tensor.OrderBy(part => part.Entry.Part ?? 0).ToArray();
            float[][] own = parts.Select(part => part.ToStoredRows(parameters[part.Name]).Select(value => (float)value).ToArray()).ToArray();
            int groups = first.Groups;
            float[] rows = Enumerable.Range(0, groups).SelectMany(group => own.SelectMany(values => values.Skip(group * (values.Length / groups)).Take(values.Length / groups))).ToArray();
            int columns = first.Columns, count = rows.Length / columns;
            yield return (tensor.Key, first.Shape(count), first.Transposed ? Transpose(rows, count, columns) : rows);
        }
    }

    /// <summary>Reads a graph's parameters out of a checkpoint of its spec's layout.</summary>
    public static IReadOnlyDictionary<string, double[]> Read(ModelGraph graph, Checkpoint checkpoint)
    {
        StoredParameter[] stored = graph.Parameters.Select(node => StoredParameter.Of(graph.Spec, node)).ToArray();
        return stored.ToDictionary(parameter => parameter.Name, parameter =>
        {
            string tensor = graph.Spec.Weights.Prefixes.Append("").Select(prefix => prefix + parameter.Tensor).First(checkpoint.Tensors.ContainsKey);
            float[] values = checkpoint.Read(tensor);
            float[] rows = parameter.Transposed ? Transpose(values, parameter.Columns, values.Length / parameter.Columns) : values;
            int before = stored.Where(other => other.Tensor == parameter.Tensor && other.Entry.Part < parameter.Entry.Part).Sum(other => other.Count);
            int groups = parameter.Groups, size = parameter.Count / groups;
            IEnumerable<float> own = rows.Chunk(rows.Length / groups).SelectMany(group => group.Skip(before / groups).Take(size));
            return parameter.FromStoredRows(own.Select(value => (double)value).ToArray());
        });
    }

    /// <summary>[rows, columns] to [columns, rows].</summary>
    private static float[] Transpose(float[] values, int rows, int columns)
    {
        var transposed = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                transposed[column * rows + row] = values[row * columns + column];
        }
        return transposed;
    }
}
