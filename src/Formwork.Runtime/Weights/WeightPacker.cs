using System.Buffers;
using System.Numerics.Tensors;
using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Weights;

/// <summary>
/// Packs one slot, a unit (some panels or dense rows) at a time; units may run on different threads, for they write different floats.
/// What it writes is <see cref="WeightSlot.PackedIndex"/> of <see cref="WeightSlot.PermutedRow"/>, by whole panels where it can.
/// </summary>
internal sealed unsafe class WeightPacker
{
    private const int PanelRows = WeightSlot.PanelRows;

    // Enough work to be worth a thread's while, little enough that two threads finish together.
    private const int UnitFloats = 1 << 17, MostGroups = 16;

    // 16 rows of a block stay in the first-level cache (16 KiB) between being checked and being interleaved.
    private const int BlockColumns = 256;

    private readonly Checkpoint _checkpoint;
    private readonly TensorInfo _tensor;
    private readonly WeightSlot _slot;
    private readonly float* _mapped;
    private readonly float* _target;
    private readonly int[]? _storedRows;
    private readonly long _tensorRows;
    private readonly long _firstElement;
    private readonly bool _transposed;
    private readonly int _firstGroup;
    private readonly int _groups;
    private readonly int _groupsPerUnit;

    /// <summary>Prepares to pack <paramref name="source"/> into <paramref name="buffer"/>.</summary>
    public WeightPacker(Checkpoint checkpoint, WeightSource source, NativeBuffer buffer)
    {
        (_checkpoint, _tensor, _slot, _firstElement) = (checkpoint, source.Tensor, source.Slot, source.FirstElement);
        WeightSlot slot = _slot;
        _mapped = checkpoint.Map(_tensor);
        _target = buffer.Pointer;
        _storedRows = slot.PermutedHeadWidth == 0 && !slot.Alternating && slot.ByHead == 0 ? null : StoredRows(slot);
        _tensorRows = slot.TensorRows > 0 ? slot.TensorRows : slot.Rows;
        _transposed = slot.Transposed && !slot.IsVector;
        // A group is 16 packed rows: a panel, or as many dense rows.
        int first = slot.Packing == WeightPacking.Panels ? slot.PackedRow : 0;
        _firstGroup = first / PanelRows;
        _groups = (first + slot.Rows - 1) / PanelRows - _firstGroup + 1;
        // Of a transposed matrix a unit reads a stripe, which should be wide.
        _groupsPerUnit = _transposed ? MostGroups : (int)Math.Clamp(UnitFloats / ((long)PanelRows * slot.Columns), 1, MostGroups);
    }

    /// <summary>Into how many units the work falls.</summary>
    public int Units => (_groups + _groupsPerUnit - 1) / _groupsPerUnit;

    /// <summary>Packs one unit.</summary>
    /// <exception cref="InvalidInputException">A number is not finite.</exception>
    public void Pack(int unit)
    {
        int first = _firstGroup + unit * _groupsPerUnit, end = Math.Min(first + _groupsPerUnit, _firstGroup + _groups);
        if (_transposed)
            PackTransposed(first, end);
        else if (_slot.Packing == WeightPacking.Dense)
            PackDense(first, end);
        else
            PackPanels(first, end);
    }

    // Rows of the slot that a run of groups holds.
    private (int First, int End) RowsOf(int firstGroup, int endGroup)
    {
        int shift = _slot.Packing == WeightPacking.Panels ? _slot.PackedRow : 0;
        return (Math.Max(firstGroup * PanelRows - shift, 0), Math.Min(endGroup * PanelRows - shift, _slot.Rows));
    }

    // Which row of the stored tensor a packed row is.
    private int StoredRow(int row) => _storedRows is null ? _slot.TensorRow + row : _storedRows[row];

    private long Element(int row) => _firstElement + (long)StoredRow(row) * _slot.Columns;

    private void PackDense(int firstGroup, int endGroup)
    {
        var (first, end) = RowsOf(firstGroup, endGroup);
        for (int row = first; row < end; row++)
        {
            long element = Element(row);
            var target = new Span<float>(_target + _slot.PackedIndex(row, 0), _slot.Columns);
            Read(element, target);
            CheckFinite(target, element);
        }
    }

    private void PackPanels(int firstGroup, int endGroup)
    {
        float[]? scratch = _mapped is null ? ArrayPool<float>.Shared.Rent(PanelRows * _slot.Columns) : null;
        float** rows = stackalloc float*[PanelRows];
        fixed (float* read = scratch)
            for (int group = firstGroup; group < endGroup; group++)
            {
                var (first, end) = RowsOf(group, group + 1);
                for (int row = first; row < end; row++)
                {
                    long element = Element(row);
                    rows[row - first] = _mapped is null ? read + (row - first) * _slot.Columns : _mapped + element;
                    if (_mapped is null)
                        Read(element, new Span<float>(rows[row - first], _slot.Columns));
                }
                InterleaveChecked(rows, end - first, _target + _slot.PackedIndex(first, 0), first);
            }
        if (scratch is not null)
            ArrayPool<float>.Shared.Return(scratch);
    }

    // rows[lane][column] → target[column * 16 + lane]
    private void InterleaveChecked(float** rows, int lanes, float* target, int firstRow)
    {
        for (int column = 0; column < _slot.Columns; column += BlockColumns)
        {
            int columns = Math.Min(BlockColumns, _slot.Columns - column);
            for (int lane = 0; lane < lanes; lane++)
                CheckFinite(new ReadOnlySpan<float>(rows[lane] + column, columns), Element(firstRow + lane) + column);
            PanelInterleaving.Interleave(rows, lanes, column, columns, target + (long)column * PanelRows);
        }
    }

    // Stored (in, out): a stored row is one column here, and 16 outputs that belong together already stand side by side.
    private void PackTransposed(int firstGroup, int endGroup)
    {
        var (first, end) = RowsOf(firstGroup, endGroup);
        var (low, high) = StoredRange(first, end);
        float[]? scratch = _mapped is null ? ArrayPool<float>.Shared.Rent(high - low) : null;
        fixed (float* read = scratch)
            for (int column = 0; column < _slot.Columns; column++)
            {
                long element = _firstElement + column * _tensorRows + low;
                float* outputs = _mapped is null ? read : _mapped + element;
                if (_mapped is null)
                    Read(element, new Span<float>(read, high - low));
                CheckFinite(new ReadOnlySpan<float>(outputs, high - low), element);
                Scatter(outputs - low, column, first, end);
            }
        if (scratch is not null)
            ArrayPool<float>.Shared.Return(scratch);
    }

    // outputs[stored row] → packed (row, column), for the packed rows from first to end.
    private void Scatter(float* outputs, int column, int first, int end)
    {
        int row = first;
        while (row < end)
        {
            float* target = _target + _slot.PackedIndex(row, column);
            bool panel = _slot.Packing == WeightPacking.Panels;
            int run = panel ? Math.Min(PanelRows - (_slot.PackedRow + row) % PanelRows, end - row) : 1;
            if (_storedRows is null)
                new ReadOnlySpan<float>(outputs + _slot.TensorRow + row, run).CopyTo(new Span<float>(target, run));
            else
                for (int lane = 0; lane < run; lane++)
                    target[lane] = outputs[_storedRows[row + lane]];
            row += run;
        }
    }

    // The stripe of a stored row that has all of some packed rows.
    private (int Low, int High) StoredRange(int first, int end)
    {
        if (_storedRows is null)
            return (_slot.TensorRow + first, _slot.TensorRow + end);
        var rows = _storedRows.AsSpan(first, end - first);
        return (TensorPrimitives.Min<int>(rows), TensorPrimitives.Max<int>(rows) + 1);
    }

    private void Read(long element, Span<float> destination)
    {
        if (_mapped is null)
            _checkpoint.ReadElements(_tensor, element, destination);
        else
            new ReadOnlySpan<float>(_mapped + element, destination.Length).CopyTo(destination);
    }

    private void CheckFinite(ReadOnlySpan<float> values, long firstElement)
    {
        if (TensorPrimitives.IsFiniteAll(values))
            return;
        int at = 0;
        while (float.IsFinite(values[at]))
            at++;
        long element = firstElement + at;
        string place = Place(element);
        string found = float.IsNaN(values[at]) ? "NaN" : values[at] > 0 ? "+infinity" : "-infinity";
        throw new InvalidInputException(_checkpoint.Path, _tensor.Name, $"{found} at {place}", "finite numbers",
            "The weights were damaged, or saved from a training run that had diverged; use an earlier checkpoint.");
    }

    // [row, column], with an expert's number before it where experts are stacked.
    private string Place(long element)
    {
        var place = new List<long>();
        for (int axis = _tensor.Shape.Count - 1; axis > 0; axis--)
        {
            place.Insert(0, element % _tensor.Shape[axis]);
            element /= _tensor.Shape[axis];
        }
        place.Insert(0, element);
        return $"[{string.Join(", ", place)}]";
    }

    private static int[] StoredRows(WeightSlot slot)
    {
        var rows = new int[slot.Rows];
        for (int row = 0; row < rows.Length; row++)
            rows[slot.PermutedRow(row)] = slot.StoredRow(row);
        return rows;
    }
}
