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
            _draws[name] = (Mix(Key(slot.Tensor) + (ulong)(uint)seed * 0x9E3779B97F4A7C15), mean, deviation);
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
            destination[i] = mean + deviation * Normal(Mix(key + (ulong)(first + i)));
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

    // The sum of four uniform 16-bit numbers, centred: close enough to a bell, the same on every machine, never beyond 3.5 deviations.
    private static float Normal(ulong bits)
    {
        const float Centre = 2 * 65535f, Deviation = 37837.2f; // 65536 * sqrt(4 / 12)
        uint sum = (uint)(bits & 0xFFFF) + (uint)(bits >> 16 & 0xFFFF) + (uint)(bits >> 32 & 0xFFFF) + (uint)(bits >> 48);
        return (sum - Centre) / Deviation;
    }

    // SplitMix64's finisher. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }

    // FNV-1a, which, unlike string.GetHashCode, is the same in every process.
    private static ulong Key(string name)
    {
        ulong key = 14695981039346656037;
        foreach (char letter in name)
            key = (key ^ letter) * 1099511628211;
        return key;
    }
}
