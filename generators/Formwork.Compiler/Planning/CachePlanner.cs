using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning;

/// <summary>Places each layer's keys and values in a sequence's cache: a segment a head, keys first.</summary>
/// <param name="shared">Whether all layers use the same place, as those of an encoder do, whose keys and values are needed during the pass only.</param>
internal sealed class CachePlanner(bool shared)
{
    private readonly List<int> _segments = [];

    /// <summary>Floats a position of each segment, in order.</summary>
    public IReadOnlyList<int> Segments => _segments;

    /// <summary>Floats a position of the layer that needs the most.</summary>
    public int LargestFloats { get; private set; }

    public PlannedCache Add(Attention attention)
    {
        int keyFloats = attention.KeyValueHeads * attention.HeadWidth, valueWidth = Kernel.Padded(attention.ValueWidth);
        LargestFloats = Math.Max(LargestFloats, keyFloats + attention.KeyValueHeads * valueWidth);
        if (shared)
            return new PlannedCache(0, keyFloats);
        int keys = _segments.Sum();
        _segments.AddRange(Enumerable.Repeat(attention.HeadWidth, attention.KeyValueHeads));
        _segments.AddRange(Enumerable.Repeat(valueWidth, attention.KeyValueHeads));
        return new PlannedCache(keys, keys + keyFloats);
    }
}
