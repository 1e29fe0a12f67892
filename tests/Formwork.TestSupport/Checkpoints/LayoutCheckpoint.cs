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
            StoredParameter[] parts = tensor.OrderBy(part => part.Entry.Part ?? 0).ToArray();
            StoredParameter first = parts[0];
            int[] shape = first.Shape(parts.Sum(part => part.Count / part.Columns));
            float[][] matrices = Enumerable.Range(0, first.Matrices).Select(matrix => Matrix(parts, parameters, matrix)).ToArray();
            if (first.Stacked)
                yield return (first.Tensor, [matrices.Length, .. shape], matrices.SelectMany(values => values).ToArray());
            for (int matrix = 0; matrix < matrices.Length && !first.Stacked; matrix++)
                yield return (first.TensorOf(matrix), shape, matrices[matrix]);
        }
    }

    /// <summary>Reads a graph's parameters out of a checkpoint of its spec's layout.</summary>
    public static IReadOnlyDictionary<string, double[]> Read(ModelGraph graph, Checkpoint checkpoint)
    {
        StoredParameter[] stored = graph.Parameters.Select(node => StoredParameter.Of(graph.Spec, node)).ToArray();
        return stored.ToDictionary(parameter => parameter.Name, parameter => Enumerable.Range(0, parameter.Matrices).SelectMany(matrix =>
        {
            string tensor = graph.Spec.Weights.Prefixes.Append("").Select(prefix => prefix + parameter.TensorOf(matrix)).First(checkpoint.Tensors.ContainsKey);
            float[] values = checkpoint.Read(tensor);
            if (parameter.Stacked)
                values = values.Chunk(values.Length / parameter.Matrices).ElementAt(matrix);
            float[] rows = parameter.Transposed ? Transpose(values, parameter.Columns, values.Length / parameter.Columns) : values;
            int before = stored.Where(other => other.Tensor == parameter.Tensor && other.Entry.Part < parameter.Entry.Part).Sum(other => other.Count);
            int groups = parameter.Groups, size = parameter.Count / groups;
            IEnumerable<float> own = rows.Chunk(rows.Length / groups).SelectMany(group => group.Skip(before / groups).Take(size));
            return parameter.FromStoredRows(own.Select(value => (double)value).ToArray());
        }).ToArray());
    }

    /// <summary>The stored matrix that these parameters make up, one expert's where there are experts.</summary>
    private static float[] Matrix(StoredParameter[] parts, IReadOnlyDictionary<string, double[]> parameters, int matrix)
    {
        StoredParameter first = parts[0];
        float[][] own = parts.Select(part => part.ToStoredRows(parameters[part.Name].AsSpan(matrix * part.Count, part.Count).ToArray()).Select(value => (float)value).ToArray()).ToArray();
        float[] rows = Enumerable.Range(0, first.Groups)
            .SelectMany(group => own.SelectMany(values => values.Skip(group * (values.Length / first.Groups)).Take(values.Length / first.Groups))).ToArray();
        return first.Transposed ? Transpose(rows, rows.Length / first.Columns, first.Columns) : rows;
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
