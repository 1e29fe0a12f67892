using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Weights;

/// <summary>Fills a model's packed block of weights from a checkpoint, or with random numbers.</summary>
public static class WeightLoader
{
    /// <summary>
    /// Reads every slot's tensor, converts it to float32 and puts it where <see cref="WeightSlot.PackedIndex"/> says; everything else in the
    /// block is zero. The result does not depend on <paramref name="threads"/>.
    /// </summary>
    /// <param name="checkpoint">The stored weights.</param>
    /// <param name="table">What the model needs, and where.</param>
    /// <param name="threads">How many threads may work on it.</param>
    /// <exception cref="InvalidInputException">A tensor is missing, left over, of another shape or type, or has a number that is not finite.</exception>
    /// <exception cref="ArgumentException">The table contradicts itself.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been closed.</exception>
    public static NativeBuffer Load(Checkpoint checkpoint, WeightTable table, int threads)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var sources = WeightSources.Find(checkpoint, table);
        foreach (var slot in table.Slots)
            Check(slot, table.Length);
        var buffer = new NativeBuffer(table.Length, filled: true);
        try
        {
            Pack(checkpoint, sources, buffer, threads);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A block of random weights, for benchmarks and tests: the values depend on the seed and the tensors' names only, not on the packing,
    /// the machine or its number of threads. <see cref="RandomCheckpoint"/> gives the same numbers tensor by tensor.
    /// </summary>
    public static NativeBuffer Random(WeightTable table, int seed, RandomKind kind = RandomKind.Initial)
    {
        using var checkpoint = new RandomCheckpoint(table, seed, kind);
        return Load(checkpoint, table, Environment.ProcessorCount);
    }

    private static void Pack(Checkpoint checkpoint, IReadOnlyList<WeightSource> sources, NativeBuffer buffer, int threads)
    {
        var work = new List<(WeightPacker Packer, int Unit)>();
        foreach (var source in sources)
        {
            var packer = new WeightPacker(checkpoint, source, buffer);
            for (int unit = 0; unit < packer.Units; unit++)
                work.Add((packer, unit));
        }
        // Break lets every earlier unit finish, so the error that is told is the first in the table's order on any number of threads.
        var errors = new ConcurrentDictionary<long, ExceptionDispatchInfo>();
        Parallel.For(0, work.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, (i, state) =>
        {
            try
            {
                work[i].Packer.Pack(work[i].Unit);
            }
            catch (Exception error)
            {
                errors[i] = ExceptionDispatchInfo.Capture(error);
                state.Break();
            }
        });
        if (!errors.IsEmpty)
            errors.MinBy(error => error.Key).Value.Throw();
    }

    // The packer writes through pointers, so a wrong table must not get as far.
    private static void Check(WeightSlot slot, long length)
    {
        long last = slot.Rows > 0 && slot.Columns > 0 ? slot.PackedIndex(slot.Rows - 1, slot.Columns - 1) : length;
        bool sound = CheckFusion(slot) && slot.Experts >= 0 && (slot.Experts < 2 || slot.ExpertStride > last - slot.Offset) && slot.Rows > 0 && slot.Columns > 0 && slot.Offset >= 0 && slot.PackedRow >= 0 && slot.TensorRow >= 0 && slot.PanelPhase >= 0
            && slot.PanelPhase < Math.Max(slot.PanelStep, 1)
            && (slot.TensorRows == 0 ? slot.TensorRow == 0 : slot.TensorRow + (long)slot.Rows <= slot.TensorRows)
            && last + Math.Max(slot.Experts - 1, 0) * slot.ExpertStride < length
            && (slot.PermutedHeadWidth == 0 ||
                (slot.Rows % slot.PermutedHeadWidth == 0 && slot.PermutedRotaryWidth % 2 == 0 && slot.PermutedStart >= 0
                && slot.PermutedStart + slot.PermutedRotaryWidth <= slot.PermutedHeadWidth));
        if (!sound)
            throw new ArgumentException($"The slot of {slot.Parameter} contradicts itself or leaves the packed block of {length} floats: {slot}");
    }

    private static bool CheckFusion(WeightSlot slot)
    {
        if (!slot.Alternating && slot.ByHead == 0)
            return true;
        int groups = slot.Alternating ? slot.Rows : slot.ByHead;
        return !(slot.Alternating && slot.ByHead != 0) && groups > 0 && slot.Rows % groups == 0 && slot.TensorRow % groups == 0 && slot.TensorRows % groups == 0;
    }
}
