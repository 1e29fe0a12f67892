using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Weights;

/// <summary>
/// A packed block presented as the checkpoint that it was, or would have been, loaded from: the layout's names, shapes and orders. It is the
/// exact inverse of <see cref="WeightLoader"/>, and serves whatever lies as weights do: gradients, moments, averages. Parts of a stored
/// tensor that no parameter needs are zero.
/// </summary>
public sealed unsafe class PackedCheckpoint : Checkpoint
{
    private readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<WeightSlot>> _slots = new(StringComparer.Ordinal);
    private readonly NativeBuffer _packed;
    private Rows? _last;
    private bool _disposed;

    /// <summary>Presents the tensors of <paramref name="table"/>, named with its first prefix. The block stays the caller's.</summary>
    /// <exception cref="ArgumentException">The block is shorter than the table says.</exception>
    public PackedCheckpoint(WeightTable table, NativeBuffer packed)
        : base("packed weights")
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(packed);
        if (packed.Length < table.Length)
            throw new ArgumentException($"{packed.Length} floats where the table has {table.Length}.", nameof(packed));
        _packed = packed;
        string prefix = table.Prefixes.Count == 0 ? "" : table.Prefixes[0];
        foreach (WeightSlot slot in WeightSources.Expanded(table.Slots))
        {
            string name = prefix + slot.Tensor;
            if (_tensors.TryAdd(name, new TensorInfo(name, TensorType.F32, slot.TensorShape(slot.Transposed))))
                _slots.Add(name, []);
            _slots[name].Add(slot);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _disposed = true;

    /// <inheritdoc/>
    protected internal override void ReadElements(TensorInfo tensor, long first, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Rows rows = RowsOf(tensor.Name);
        WeightSlot slot = rows.Slot;
        float* packed = _packed.Pointer;
        bool transposed = slot.Transposed && !slot.IsVector;
        long stored = rows.Start.Length, inner = transposed ? stored : slot.Columns, matrix = stored * slot.Columns;
        long expert = first / matrix, outerAt = first % matrix / inner, innerAt = first % inner;
        for (int i = 0; i < destination.Length; i++)
        {
            (long row, long column) = transposed ? (innerAt, outerAt) : (outerAt, innerAt);
            long start = rows.Start[row];
            destination[i] = start < 0 ? 0 : packed[start + column * rows.Stride[row] + expert * slot.ExpertStride];
            if (++innerAt < inner)
                continue;
            innerAt = 0;
            if (++outerAt * inner == matrix)
                (outerAt, expert) = (0, expert + 1);
        }
    }

    // Blocks of one tensor are read one after the other, so the last tensor's rows are kept.
    private Rows RowsOf(string name)
    {
        Rows? last = _last;
        if (last?.Name == name)
            return last;
        WeightSlot first = _slots[name][0];
        int count = first.TensorRows > 0 ? first.TensorRows : first.Rows;
        var rows = new Rows(name, first, new long[count], new int[count]);
        Array.Fill(rows.Start, -1);
        foreach (WeightSlot slot in _slots[name])
        {
            for (int row = 0; row < slot.Rows; row++)
            {
                int stored = slot.StoredRow(row);
                rows.Start[stored] = slot.PackedIndex(slot.PermutedRow(row), 0);
                rows.Stride[stored] = slot.Packing == WeightPacking.Dense ? 1 : WeightSlot.PanelRows;
            }
        }
        return _last = rows;
    }

    /// <summary>Where each stored row begins in the block, −1 for none, and the floats from column to column.</summary>
    private sealed record Rows(string Name, WeightSlot Slot, long[] Start, int[] Stride);
}
