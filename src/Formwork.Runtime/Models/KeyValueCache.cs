using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Models;

/// <summary>
/// A sequence's keys and values, in memory that grows with it: few positions at first, twice as many whenever they are full. How they lie
/// there: <see cref="SequenceRows"/>.
/// </summary>
internal sealed unsafe class KeyValueCache : IDisposable
{
    /// <summary>Capacities are multiples of this: attention takes so many positions at a time.</summary>
    public const int Granule = 64;

    // Keys lie in panels of so many positions, so only whole panels can be copied.
    private const int Panel = 16;

    private readonly IReadOnlyList<int> _segments;
    private readonly int _positionFloats;
    private readonly int _mostPositions;
    private NativeBuffer _buffer;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="segments">Floats a position of each segment.</param>
    /// <param name="mostPositions">How many positions it may come to hold.</param>
    /// <param name="positions">How many it is to have room for at first.</param>
    public KeyValueCache(IReadOnlyList<int> segments, int mostPositions, int positions = Granule)
    {
        _segments = segments;
        _positionFloats = segments.Sum();
        _mostPositions = Padded(mostPositions);
        Capacity = Math.Min(Padded(positions), _mostPositions);
        _buffer = new NativeBuffer((long)_positionFloats * Capacity);
    }

    /// <summary>Positions that it has room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>The first segment. Changes when the cache grows.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public float* Pointer => _buffer.Pointer;

    /// <summary>Positions, rounded up to whole granules; at least one.</summary>
    public static int Padded(int positions) => (int)(Math.Max(1, ((long)positions + Granule - 1) / Granule) * Granule);

    /// <summary>Makes room for so many positions, and keeps the first <paramref name="used"/> of them.</summary>
    public void Reserve(int positions, int used)
    {
        if (positions <= Capacity)
            return;
        int capacity = (int)Math.Min(Math.Max(Padded(positions), 2L * Capacity), _mostPositions);
        var grown = new NativeBuffer((long)_positionFloats * capacity);
        Copy(_buffer.Pointer, Capacity, grown.Pointer, capacity, 0, used);
        _buffer.Dispose();
        (_buffer, Capacity) = (grown, capacity);
    }

    /// <summary>Takes over the positions from <paramref name="first"/> to before <paramref name="end"/> of another cache of the same model.</summary>
    public void CopyFrom(KeyValueCache other, int first, int end)
    {
        Reserve(end, first);
        Copy(other.Pointer, other.Capacity, Pointer, Capacity, first, end);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _buffer.Dispose();

    private void Copy(float* source, int sourceCapacity, float* target, int targetCapacity, int first, int end)
    {
        if (end <= first)
            return;
        // The panel that the first position is in is copied whole: what it has of earlier positions is the same in both.
        int start = first / Panel * Panel, count = (end + Panel - 1) / Panel * Panel - start;
        foreach (int floats in _segments)
        {
            long offset = (long)start * floats, bytes = (long)count * floats * sizeof(float);
            Buffer.MemoryCopy(source + offset, target + offset, bytes, bytes);
            source += (long)floats * sourceCapacity;
            target += (long)floats * targetCapacity;
        }
    }
}
