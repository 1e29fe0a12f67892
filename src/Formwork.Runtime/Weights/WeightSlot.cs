using System.Globalization;

namespace Formwork.Runtime.Weights;

/// <summary>
/// One parameter of a compiled model: where a checkpoint has its values, and where the kernels want them. Generated code holds a table of
/// these; the weight loader fills the packed block from it.
/// </summary>
/// <param name="Parameter">The parameter's name in the graph, for example <c>layers.0.attention.query.weight</c>.</param>
/// <param name="Tensor">The tensor's name in the checkpoint, without the optional prefix.</param>
/// <param name="Rows">Rows (outputs) of this parameter; 1 for a norm's gain or bias, the number of outputs for a projection's bias.</param>
/// <param name="Columns">Columns (inputs) of this parameter; 1 for a projection's bias.</param>
/// <param name="Offset">Where its matrix starts in the packed block, in floats; a multiple of 16.</param>
/// <param name="Packing">How it lies there.</param>
public readonly record struct WeightSlot(string Parameter, string Tensor, int Rows, int Columns, long Offset, WeightPacking Packing)
{
    /// <summary>Whether the stored tensor is (in, out): columns first. Vectors ignore it.</summary>
    public bool Transposed { get; init; }

    /// <summary>First row of this parameter in the stored tensor's output axis, when several are fused there one after the other.</summary>
    public int TensorRow { get; init; }

    /// <summary>Rows of the whole stored tensor when several parameters are fused there; 0 when it is this parameter alone.</summary>
    public int TensorRows { get; init; }

    /// <summary>
    /// Whether the rows of the fused parameters, which are as many of each, take turns (gate, up, gate, up). <see cref="TensorRow"/> stays what
    /// it is without: the rows of the parameters before this one.
    /// </summary>
    public bool Alternating { get; init; }

    /// <summary>
    /// Into how many heads the fused tensor is divided, each with its rows of every parameter (query, key and value of head 0, then of head
    /// 1); 0 when it is not. With grouped heads it is the number of groups. <see cref="TensorRow"/> stays what it is without.
    /// </summary>
    public int ByHead { get; init; }

    /// <summary>
    /// How many matrices of <see cref="Rows"/> rows there are, one an expert; 0 for a plain parameter. They are stored stacked, expert by
    /// expert, or, if the tensor's name has <c>{expert}</c>, in a tensor each.
    /// </summary>
    public int Experts { get; init; }

    /// <summary>Floats from one expert's packed matrix to the next.</summary>
    public long ExpertStride { get; init; }

    /// <summary>
    /// Packed as panels: the first row in the packed matrix, when several parameters are one product there (query, key, value).
    /// Packed densely: ignored.
    /// </summary>
    public int PackedRow { get; init; }

    /// <summary>Packed as panels: this parameter takes every <c>PanelStep</c>-th panel (2 where gate and up alternate); 0 means 1.</summary>
    public int PanelStep { get; init; }

    /// <summary>Packed as panels: which of the alternating panels comes first for this parameter (0 gate, 1 up).</summary>
    public int PanelPhase { get; init; }

    /// <summary>Head width whose rows are to be permuted between the rotary pairings; 0 for no permutation.</summary>
    public int PermutedHeadWidth { get; init; }

    /// <summary>How many rows of each head are rotated; the rest stay where they are.</summary>
    public int PermutedRotaryWidth { get; init; }

    /// <summary>The first rotated row of each head; latent attention rotates the last ones.</summary>
    public int PermutedStart { get; init; }

    /// <summary>
    /// With a permutation: true when the stored rows are in the half pairing (i, i + n/2) and the model wants interleaved (2i, 2i + 1);
    /// false for the other way.
    /// </summary>
    public bool PermutedToInterleaved { get; init; }

    /// <summary>Whether it is a norm's gain that is stored less one, so that 1 + w multiplies: it starts at zero then.</summary>
    public bool UnitOffset { get; init; }

    /// <summary>Where stored row <paramref name="row"/> of this parameter lands among its rows, the permutation applied.</summary>
    public int PermutedRow(int row)
    {
        if (PermutedHeadWidth == 0)
            return row;
        int inHead = row % PermutedHeadWidth - PermutedStart, half = PermutedRotaryWidth / 2;
        if (inHead < 0 || inHead >= PermutedRotaryWidth)
            return row;
        int moved = PermutedToInterleaved
            ? (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1)
            : (inHead % 2 == 0 ? inHead / 2 : half + inHead / 2);
        return row - inHead + moved;
    }

    /// <summary>Which row of the stored tensor's output axis row <paramref name="row"/> of this parameter is.</summary>
    public int StoredRow(int row)
    {
        int groups = Alternating ? Rows : ByHead;
        if (groups == 0 || TensorRows == 0)
            return TensorRow + row;
        int rowsOfGroup = Rows / groups;
        return row / rowsOfGroup * (TensorRows / groups) + TensorRow / groups + row % rowsOfGroup;
    }

    /// <summary>One expert's matrix as a parameter of its own; of a stacked tensor the rows are then that expert's.</summary>
    public WeightSlot Expert(int expert) => this with
    {
        Tensor = Tensor.Replace(ExpertMark, expert.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        Offset = Offset + expert * ExpertStride,
        Experts = 0,
    };

    /// <summary>Whether the experts are stored in a tensor each.</summary>
    public bool HasTensorPerExpert => Experts > 0 && Tensor.Contains(ExpertMark, StringComparison.Ordinal);

    /// <summary>The stored tensor's sizes; a vector has one.</summary>
    internal long[] TensorShape(bool transposed)
    {
        long rows = TensorRows > 0 ? TensorRows : Rows;
        long[] shape = IsVector ? [rows * Columns] : transposed ? [Columns, rows] : [rows, Columns];
        return Experts > 0 ? [Experts, .. shape] : shape;
    }

    /// <summary>Whether it is stored as a vector: one row, or one column.</summary>
    internal bool IsVector => Columns == 1 || (TensorRows > 0 ? TensorRows : Rows) == 1;

    // What stands in a tensor's name for an expert's number.
    private const string ExpertMark = "{expert}";

    /// <summary>Where element (row, column) lies in the packed block, in floats; rows counted after <see cref="PermutedRow"/>.</summary>
    public long PackedIndex(int row, int column)
    {
        if (Packing == WeightPacking.Dense)
            return Offset + (long)row * DenseStride(Columns) + column;
        int at = PackedRow + row, step = Math.Max(PanelStep, 1);
        long panel = (long)(at / PanelRows) * step + PanelPhase;
        return Offset + (panel * Columns + column) * PanelRows + at % PanelRows;
    }

    /// <summary>Rows of a panel.</summary>
    public const int PanelRows = 16;

    /// <summary>Floats from one dense row to the next: the columns, rounded up to a panel, so that rows stay aligned.</summary>
    public static int DenseStride(int columns) => (columns + PanelRows - 1) / PanelRows * PanelRows;
}

/// <summary>How a parameter lies in the packed block.</summary>
public enum WeightPacking
{
    /// <summary>Row after row, each padded with zeros to a multiple of 16 floats.</summary>
    Dense,

    /// <summary>
    /// Panels of 16 rows (outputs), each column by column: the 16 weights that one input number meets stand side by side, so a product is a
    /// broadcast and a multiply-add a vector, with nothing to sum across. The last panel is padded with zeros.
    /// </summary>
    Panels,
}
