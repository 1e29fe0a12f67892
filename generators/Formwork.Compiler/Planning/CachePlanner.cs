using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning;

/// <summary>Places each layer's keys and values in a sequence's cache: a segment a head, keys first.</summary>
internal sealed class CachePlanner
{
    private readonly List<int> _segments = [];

    /// <summary>Floats a position of each segment, in order.</summary>
    public IReadOnlyList<int> Segments => _segments;

    public PlannedCache Add(Attention attention)
    {
        int keys = _segments.Sum(), values = keys + attention.KeyValueHeads * attention.HeadWidth;
        _segments.AddRange(Enumerable.Repeat(attention.HeadWidth, attention.KeyValueHeads));
        _segments.AddRange(Enumerable.Repeat(Kernel.Padded(attention.HeadWidth), attention.KeyValueHeads));
        return new PlannedCache(keys, values);
    }
}
