using System.Text.RegularExpressions;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Weights;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// A graph's parameters out of a checkpoint, as its spec's layout says they are stored. Written from what layouts mean, number by number, apart
/// from the loader that models are run with.
/// </summary>
public sealed partial class StoredParameters
{
    private readonly ModelGraph _graph;
    private readonly Checkpoint _checkpoint;

    private StoredParameters(ModelGraph graph, Checkpoint checkpoint)
    {
        _graph = graph;
        _checkpoint = checkpoint;
    }

    /// <summary>Every parameter by its name in the graph, row-major.</summary>
    public static IReadOnlyDictionary<string, double[]> Read(ModelGraph graph, Checkpoint checkpoint)
    {
        var reading = new StoredParameters(graph, checkpoint);
        return graph.Parameters.ToDictionary(node => node.Name, reading.Read);
    }

    private double[] Read(Node node)
    {
        LayoutEntry entry = _graph.Spec.Weights.Entries.Single(entry => entry.Parameter == Kind(node.Name));
        string name = entry.Tensor.Replace("{layer}", Layer().Match(node.Name).Groups[1].Value);
        int[] sizes = node.Shape.Dimensions.Select(dimension => (int)dimension.Size).ToArray();
        // An expert's bias is a vector too, so it is the name that tells [experts, …] from [rows, columns].
        bool ofExperts = node.Name.Contains(".experts.", StringComparison.Ordinal);
        int experts = ofExperts ? sizes[0] : 1;
        int[] own = ofExperts ? sizes[1..] : sizes;
        int rows = own[0], columns = own.Length == 1 ? 1 : own[1];
        return Enumerable.Range(0, experts).SelectMany(expert =>
        {
            double[] tensor = Tensor(name.Replace("{expert}", $"{expert}"));
            double[] all = ofExperts && !name.Contains("{expert}", StringComparison.Ordinal) ? Slice(tensor, expert, experts) : tensor;
            int stored = all.Length / columns;
            double At(int row, int column) => all[entry.Transposed && columns > 1 ? column * stored + row : row * columns + column];
            return from row in Enumerable.Range(0, rows)
                   let place = Place(node, entry, row, rows)
                   from column in Enumerable.Range(0, columns)
                   select At(place, column);
        }).ToArray();
    }

    /// <summary>The stored row that holds a parameter's row.</summary>
    private int Place(Node node, LayoutEntry entry, int row, int rows)
    {
        row = InStoredPairing(node, entry, row);
        if (entry.Part is not { } part)
            return row;
        if (entry.Alternating)
            return row * entry.FusedParts.Count + part;
        if (entry.ByHead)
        {
            int width = rows / Attention(node)!.Heads;
            return row / width * width * entry.FusedParts.Count + part * width + row % width;
        }
        return row + entry.FusedParts.Take(part).Sum(earlier => Rows(node.Name, entry.Parameter, earlier));
    }

    private int Rows(string name, string kind, string earlier)
    {
        string layer = Layer().Match(name).Groups[1].Value;
        string sibling = earlier.Replace("layers.", $"layers.{layer}.");
        Node found = _graph.Parameters.Single(node => node.Name.EndsWith(sibling, StringComparison.Ordinal) && Kind(node.Name) == earlier);
        return (int)found.Shape.Dimensions[found.Name.Contains(".experts.", StringComparison.Ordinal) ? 1 : 0].Size;
    }

    /// <summary>Pair i of a head is rows (2i, 2i + 1) in one pairing and (i, i + half) in the other; rows that are not turned stay.</summary>
    private int InStoredPairing(Node node, LayoutEntry entry, int row)
    {
        if (entry.Pairing is not { } stored || Attention(node) is not { Rotary: { } rotary } attention || stored == rotary.Pairing)
            return row;
        int inHead = row % attention.HeadWidth, half = rotary.Width / 2;
        if (inHead >= rotary.Width)
            return row;
        bool fromHalves = rotary.Pairing == RotaryPairing.Half;
        (int pair, int member) = fromHalves ? (inHead % half, inHead / half) : (inHead / 2, inHead % 2);
        return row - inHead + (fromHalves ? 2 * pair + member : pair + member * half);
    }

    private AttentionSpec? Attention(Node node)
    {
        StackSpec stack = node.Name.StartsWith("encoder.", StringComparison.Ordinal) ? _graph.Spec.Encoder! : (_graph.Spec.Decoder ?? _graph.Spec.Encoder)!;
        return Layer().Match(node.Name) is { Success: true } layer ? stack.Layers[int.Parse(layer.Groups[1].Value)].Attention : null;
    }

    private double[] Tensor(string name)
    {
        string found = _graph.Spec.Weights.Prefixes.Select(prefix => prefix + name).First(_checkpoint.Tensors.ContainsKey);
        return _checkpoint.Read(found).Select(value => (double)value).ToArray();
    }

    private static double[] Slice(double[] values, int part, int parts) =>
        values.AsSpan(part * (values.Length / parts), values.Length / parts).ToArray();

    private static string Kind(string name) => Layer().Replace(name, "layers.");

    [GeneratedRegex(@"(?<=^|\.)layers\.(\d+)\.")]
    private static partial Regex Layer();
}
