using System.Text.RegularExpressions;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Checkpoints;

/// <summary>A parameter of a graph and how a layout stores it.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Tensor">The tensor's name, <c>{expert}</c> in it where each expert has its own.</param>
/// <param name="Entry">The layout's entry.</param>
/// <param name="Count">Its numbers; one expert's where there are experts.</param>
/// <param name="Columns">Numbers of a row; 1 for a vector, which is stored as such.</param>
/// <param name="Attention">The layer's attention; null outside layers.</param>
internal sealed partial record StoredParameter(string Name, string Tensor, LayoutEntry Entry, int Count, int Columns, AttentionSpec? Attention)
{
    private const string ExpertHole = "{expert}";

    /// <summary>How many experts have one each; null for a parameter that there is one of.</summary>
    public int? Experts { get; init; }

    /// <summary>How many matrices it is.</summary>
    public int Matrices => Experts ?? 1;

    /// <summary>Whether one tensor has those of all experts.</summary>
    public bool Stacked => Experts is not null && !Tensor.Contains(ExpertHole, StringComparison.Ordinal);

    /// <summary>The name of the tensor that has a matrix.</summary>
    public string TensorOf(int matrix) => Tensor.Replace(ExpertHole, $"{matrix}");

    /// <summary>Whether the tensor is stored (in, out).</summary>
    public bool Transposed => Entry.Transposed && Columns > 1;

    /// <summary>In how many groups a fused tensor has rows of every part: one where the parts follow each other.</summary>
    public int Groups => Entry.Alternating ? Count / Columns : Entry.ByHead ? Attention!.KeyValueHeads : 1;

    /// <summary>Finds a parameter in the spec's layout.</summary>
    public static StoredParameter Of(ModelSpec spec, Node node)
    {
        Match inLayer = LayerNumber().Match(node.Name);
        string kind = LayerNumber().Replace(node.Name, "layers.");
        string number = inLayer.Groups[1].Value;
        LayoutEntry entry = spec.Weights.Entries.Single(entry => entry.Parameter == kind);
        StackSpec stack = (node.Name.StartsWith("encoder.", StringComparison.Ordinal) ? spec.Encoder : spec.Decoder ?? spec.Encoder)!;
        AttentionSpec? attention = inLayer.Success ? stack.Layers[int.Parse(number)].Attention : null;
        // An expert's bias is a vector too, so it is the name that tells [experts, …] from [rows, columns].
        int? experts = kind.Contains(".experts.", StringComparison.Ordinal) ? node.Shape.Dimensions[0].Size : null;
        int columns = node.Shape.Rank == (experts is null ? 1 : 2) ? 1 : node.Shape.Width;
        int count = (int)node.Shape.Elements / (experts ?? 1);
        return new StoredParameter(node.Name, entry.Tensor.Replace("{layer}", number), entry, count, columns, attention) { Experts = experts };
    }

    /// <summary>The tensor's shape when it has so many rows.</summary>
    public int[] Shape(int rows) => Columns == 1 ? [rows] : Transposed ? [Columns, rows] : [rows, Columns];

    /// <summary>The parameter's rows in the order in which they are stored.</summary>
    public double[] ToStoredRows(double[] values)
    {
        var stored = new double[values.Length];
        for (int row = 0; row < Count / Columns; row++)
            Array.Copy(values, row * Columns, stored, StoredRow(row) * Columns, Columns);
        return stored;
    }

    /// <summary>The stored rows in the parameter's order.</summary>
    public double[] FromStoredRows(double[] stored)
    {
        var values = new double[stored.Length];
        for (int row = 0; row < Count / Columns; row++)
            Array.Copy(stored, StoredRow(row) * Columns, values, row * Columns, Columns);
        return values;
    }

    /// <summary>
    /// Where a row stands in the file. Pair i of a head is (2i, 2i + 1) in one pairing and (i, i + half) in the other; rows past the rotated
    /// width stay.
    /// </summary>
    private int StoredRow(int row)
    {
        if (Entry.Pairing is not { } storedPairing || Attention?.Rotary is not { } rotary || storedPairing == rotary.Pairing)
            return row;
        int headWidth = Name.Contains("key_value_down", StringComparison.Ordinal) ? Count / Columns : Attention.HeadWidth;
        int start = Attention.Latent is null ? 0 : headWidth - rotary.Width;
        int inHead = row % headWidth - start, first = row - inHead, half = rotary.Width / 2;
        if (inHead < 0 || inHead >= rotary.Width)
            return row;
        (int pair, int member) = rotary.Pairing == RotaryPairing.Half ? (inHead % half, inHead / half) : (inHead / 2, inHead % 2);
        return first + (storedPairing == RotaryPairing.Half ? pair + member * half : 2 * pair + member);
    }

    [GeneratedRegex(@"(?<=^|\.)layers\.(\d+)\.")]
    private static partial Regex LayerNumber();
}
