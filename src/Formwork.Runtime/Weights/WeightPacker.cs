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
    private readonly int[]? _sourceRows;
    private readonly long _storedRows;
    private readonly bool _transposed;
    private readonly int _firstGroup;
    private readonly int _groups;
    private readonly int _groupsPerUnit;

    /// <summary>Prepares to pack <paramref name="tensor"/> into <paramref name="buffer"/>.</summary>
    public WeightPacker(Checkpoint checkpoint, TensorInfo tensor, WeightSlot slot, NativeBuffer buffer)
    {
        (_checkpoint, _tensor, _slot) = (checkpoint, tensor, slot);
        _mapped = checkpoint.Map(tensor);
        _target = buffer.Pointer;
        _sourceRows = slot.PermutedHeadWidth == 0 ? null : SourceRows(slot);
        _storedRows = slot.TensorRows > 0 ? slot.TensorRows : slot.Rows;
        _transposed = slot.Transposed && slot.Columns > 1 && _storedRows > 1;
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

    private int SourceRow(int row) => _sourceRows is null ? row : _sourceRows[row];

    private void PackDense(int firstGroup, int endGroup)
    {
        var (first, end) = RowsOf(firstGroup, endGroup);
        for (int row = first; row < end; row++)
        {
            long element = (long)(_slot.TensorRow + SourceRow(row)) * _slot.Columns;
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
                    long element = (long)(_slot.TensorRow + SourceRow(row)) * _slot.Columns;
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
                CheckFinite(new ReadOnlySpan<float>(rows[lane] + column, columns),
                    (long)(_slot.TensorRow + SourceRow(firstRow + lane)) * _slot.Columns + column);
            PanelInterleaving.Interleave(rows, lanes, column, columns, target + (long)column * PanelRows);
        }
    }

    // Stored (in, out): a stored row is one column here, and 16 outputs that belong together already stand side by side.
    private void PackTransposed(int firstGroup, int endGroup)
    {
        var (first, end) = RowsOf(firstGroup, endGroup);
        var (low, high) = SourceRange(first, end);
        float[]? scratch = _mapped is null ? ArrayPool<float>.Shared.Rent(high - low) : null;
        fixed (float* read = scratch)
            for (int column = 0; column < _slot.Columns; column++)
            {
                long element = column * _storedRows + _slot.TensorRow + low;
                float* outputs = _mapped is null ? read : _mapped + element;
                if (_mapped is null)
                    Read(element, new Span<float>(read, high - low));
                CheckFinite(new ReadOnlySpan<float>(outputs, high - low), element);
                Scatter(outputs - low, column, first, end);
            }
        if (scratch is not null)
            ArrayPool<float>.Shared.Return(scratch);
    }

    // outputs[stored row of the slot] → packed (row, column), for the packed rows from first to end.
    private void Scatter(float* outputs, int column, int first, int end)
    {
        int row = first;
        while (row < end)
        {
            float* target = _target + _slot.PackedIndex(row, column);
            bool panel = _slot.Packing == WeightPacking.Panels;
            int run = panel ? Math.Min(PanelRows - (_slot.PackedRow + row) % PanelRows, end - row) : 1;
            if (_sourceRows is null)
                new ReadOnlySpan<float>(outputs + row, run).CopyTo(new Span<float>(target, run));
            else
                for (int lane = 0; lane < run; lane++)
                    target[lane] = outputs[_sourceRows[row + lane]];
            row += run;
        }
    }

    // A permutation stays inside a head, so whole heads are read.
    private (int Low, int High) SourceRange(int first, int end)
    {
        if (_sourceRows is null)
            return (first, end);
        int head = _slot.PermutedHeadWidth;
        return (first / head * head, (end + head - 1) / head * head);
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
        long element = firstElement + at, columns = _tensor.Columns;
        string place = _tensor.Shape.Count < 2 ? $"[{element}]" : $"[{element / columns}, {element % columns}]";
        string found = float.IsNaN(values[at]) ? "NaN" : values[at] > 0 ? "+infinity" : "-infinity";
        throw new InvalidInputException(_checkpoint.Path, _tensor.Name, $"{found} at {place}", "finite numbers",
            "The weights were damaged, or saved from a training run that had diverged; use an earlier checkpoint.");
    }

    private static int[] SourceRows(WeightSlot slot)
    {
        var rows = new int[slot.Rows];
        for (int row = 0; row < rows.Length; row++)
            rows[slot.PermutedRow(row)] = row;
        return rows;
    }
}
