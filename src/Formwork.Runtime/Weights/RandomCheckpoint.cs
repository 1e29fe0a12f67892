namespace Formwork.Runtime.Weights;

/// <summary>
/// A checkpoint that is nowhere stored: the tensors that a table asks for, with random numbers. Each number is a function of the seed, the
/// tensor's name and its place (a counter-based generator), so any part can be read in any order.
/// </summary>
public sealed class RandomCheckpoint : Checkpoint
{
    private const float InitialDeviation = 0.02f, VectorDeviation = 0.2f;

    private readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ulong Key, float Mean, float Deviation)> _draws = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Presents the tensors of <paramref name="table"/>, named with its first prefix.</summary>
    public RandomCheckpoint(WeightTable table, int seed, RandomKind kind = RandomKind.Initial)
        : base($"random weights (seed {seed})")
    {
        ArgumentNullException.ThrowIfNull(table);
        string prefix = table.Prefixes.Count == 0 ? "" : table.Prefixes[0];
        foreach (var slot in WeightSources.Expanded(table.Slots))
        {
            string name = prefix + slot.Tensor;
            _tensors[name] = new TensorInfo(name, TensorType.F32, slot.TensorShape(slot.Transposed));
            var (mean, deviation) = Distribution(slot, kind);
            _draws[name] = (CounterRandom.Mix(CounterRandom.Key(slot.Tensor) + (ulong)(uint)seed * 0x9E3779B97F4A7C15), mean, deviation);
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
        var (key, mean, deviation) = _draws[tensor.Name];
        if (deviation == 0)
        {
            destination.Fill(mean);
            return;
        }
        for (int i = 0; i < destination.Length; i++)
            destination[i] = mean + deviation * CounterRandom.Normal(CounterRandom.Mix(key + (ulong)(first + i)));
    }

    private static (float Mean, float Deviation) Distribution(WeightSlot slot, RandomKind kind)
    {
        bool everything = kind == RandomKind.Everything;
        if (slot.Parameter.EndsWith("norm.weight", StringComparison.Ordinal))
            return (1, everything ? VectorDeviation : 0);
        if (slot.Parameter.EndsWith(".bias", StringComparison.Ordinal))
            return (0, everything ? VectorDeviation : 0);
        return (0, everything ? 1 / MathF.Sqrt(slot.Columns) : InitialDeviation);
    }
}
