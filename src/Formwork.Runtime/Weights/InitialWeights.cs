using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Weights;

/// <summary>
/// Draws the weights that training starts from. Each number is a function of the seed, the parameter's name and its place in the parameter,
/// so neither the packing, nor the checkpoint's layout, nor the number of threads changes it.
/// </summary>
internal sealed class InitialWeights
{
    private const double Deviation = 0.02;

    private readonly WeightTable _table;
    private readonly int _seed;
    private readonly Initialization _kind;
    private readonly Dictionary<string, int> _columns;
    private readonly Dictionary<string, int> _sums;

    private InitialWeights(WeightTable table, int seed, Initialization kind)
    {
        (_table, _seed, _kind) = (table, seed, kind);
        _columns = table.Slots.ToDictionary(slot => slot.Parameter, slot => slot.Columns, StringComparer.Ordinal);
        _sums = table.Slots.Where(IsResidualOutput).GroupBy(slot => Stack(slot.Parameter)).ToDictionary(
            stack => stack.Key, stack => stack.Select(slot => Part(slot.Parameter)).Distinct().Count(), StringComparer.Ordinal);
    }

    /// <summary>A packed block with all parameters drawn, and zero elsewhere.</summary>
    public static NativeBuffer Draw(WeightTable table, int seed, Initialization kind)
    {
        var initial = new InitialWeights(table, seed, kind);
        var buffer = new NativeBuffer(table.Length, filled: true);
        Parallel.ForEach(table.Slots, slot => initial.Fill(slot, buffer));
        return buffer;
    }

    private unsafe void Fill(WeightSlot slot, NativeBuffer buffer)
    {
        Distribution draw = Of(slot);
        ulong key = CounterRandom.Mix(CounterRandom.Key(slot.Parameter) + (ulong)(uint)_seed * 0x9E3779B97F4A7C15);
        float* packed = buffer.Pointer;
        for (int expert = 0; expert < Math.Max(slot.Experts, 1); expert++)
        {
            WeightSlot matrix = slot.Experts > 0 ? slot.Expert(expert) : slot;
            for (int row = 0; row < slot.Rows; row++)
            {
                ulong place = ((ulong)expert * (ulong)slot.Rows + (ulong)row) * (ulong)slot.Columns;
                for (int column = 0; column < slot.Columns; column++)
                    packed[matrix.PackedIndex(row, column)] = draw.Value(key, place + (ulong)column);
            }
        }
    }

    private Distribution Of(WeightSlot slot)
    {
        string name = slot.Parameter;
        if (name.EndsWith("norm.weight", StringComparison.Ordinal))
            return new Distribution(slot.UnitOffset ? 0 : 1, 0, 0);
        if (name.EndsWith("bias", StringComparison.Ordinal) && !name.EndsWith("relative_bias", StringComparison.Ordinal))
            return Bias(name);
        if (name.EndsWith(".sinks", StringComparison.Ordinal))
            return default;
        if (name.Contains("embedding.", StringComparison.Ordinal) && !name.Contains("transform.", StringComparison.Ordinal))
            return new Distribution(0, _kind == Initialization.Xavier ? 1 / Math.Sqrt(slot.Columns) : Deviation, 0);
        if (!name.EndsWith(".weight", StringComparison.Ordinal))
            return new Distribution(0, Deviation, 0);
        return _kind switch
        {
            Initialization.Gpt2 => new Distribution(0, IsResidualOutput(slot) ? Deviation / Math.Sqrt(_sums[Stack(name)]) : Deviation, 0),
            Initialization.Xavier => new Distribution(0, 0, Math.Sqrt(6.0 / (slot.Rows + slot.Columns)) * (IsAttentionInput(name) ? Math.Sqrt(0.5) : 1)),
            _ => new Distribution(0, 0, 1 / Math.Sqrt(slot.Columns)),
        };
    }

    private Distribution Bias(string name)
    {
        string weight = name[..^"bias".Length] + "weight";
        bool ofProduct = !name.EndsWith("norm.bias", StringComparison.Ordinal) && _columns.ContainsKey(weight);
        return _kind == Initialization.Torch && ofProduct ? new Distribution(0, 0, 1 / Math.Sqrt(_columns[weight])) : default;
    }

    private static bool IsResidualOutput(WeightSlot slot) =>
        slot.Parameter.EndsWith("attention.output.weight", StringComparison.Ordinal) || slot.Parameter.EndsWith(".down.weight", StringComparison.Ordinal);

    private static bool IsAttentionInput(string name) => name.Contains("attention.query.", StringComparison.Ordinal)
        || name.Contains("attention.key.", StringComparison.Ordinal) || name.Contains("attention.value.", StringComparison.Ordinal);

    // What comes before "layers.": nothing, or the stack's name.
    private static string Stack(string name) => name[..Math.Max(name.IndexOf("layers.", StringComparison.Ordinal), 0)];

    // A layer's attention or feed-forward part, to which experts and shared experts belong together.
    private static string Part(string name)
    {
        int at = name.IndexOf("feed_forward.", StringComparison.Ordinal);
        return at >= 0 ? name[..at] : name;
    }

    /// <summary>A mean, and a normal deviation or a uniform bound.</summary>
    private readonly record struct Distribution(double Mean, double Deviation, double Bound)
    {
        public float Value(ulong key, ulong place)
        {
            if (Deviation == 0 && Bound == 0)
                return (float)Mean;
            ulong bits = CounterRandom.Mix(key + place);
            return Bound > 0 ? (float)(Bound * CounterRandom.Uniform(bits)) : (float)(Deviation * CounterRandom.Normal(bits));
        }
    }
}
