using Formwork.Benchmarks.Workloads;
using Formwork.Runtime.Weights;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>The contenders' random weights as the checkpoint that our loader wants: the same numbers under the tensor names, orders and fusions of the model's layout.</summary>
internal sealed class SharedCheckpoint : Checkpoint
{
    private readonly Dictionary<string, TensorInfo> _tensors = [];
    private readonly Dictionary<string, Part[]> _parts;

    public SharedCheckpoint(WeightTable table)
        : base("the benchmark's weights")
    {
        _parts = table.Slots.GroupBy(slot => slot.Tensor).ToDictionary(
            group => table.Prefixes.FirstOrDefault("") + group.Key,
            group => group.Select(slot => new Part(slot, new RandomParameter(slot.Parameter))).ToArray());
        foreach (var (name, parts) in _parts)
        {
            var slot = parts[0].Slot;
            long rows = Rows(slot);
            long[] shape = rows == 1 || slot.Columns == 1 ? [rows * slot.Columns] : slot.Transposed ? [slot.Columns, rows] : [rows, slot.Columns];
            _tensors[name] = new TensorInfo(name, TensorType.F32, shape);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <inheritdoc/>
    protected override void ReadElements(TensorInfo tensor, long first, Span<float> destination)
    {
        var parts = _parts[tensor.Name];
        var slot = parts[0].Slot;
        for (var done = 0; done < destination.Length;)
        {
            // A transposed tensor has neighbours of one column, and ours are neighbours in a row: one number at a time.
            long rows = Rows(slot), columns = slot.Columns;
            var (row, column) = slot.Transposed ? ((first + done) % rows, (first + done) / rows) : ((first + done) / columns, (first + done) % columns);
            var run = slot.Transposed ? 1 : (int)Math.Min(columns - column, destination.Length - done);
            var part = parts.Length == 1 ? parts[0] : Array.Find(parts, part => row >= part.Slot.TensorRow && row < part.Slot.TensorRow + part.Slot.Rows);
            part.Values.Fill((row - part.Slot.TensorRow) * columns + column, destination.Slice(done, run));
            done += run;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private static long Rows(WeightSlot slot) => slot.TensorRows > 0 ? slot.TensorRows : slot.Rows;

    private readonly record struct Part(WeightSlot Slot, RandomParameter Values);
}
