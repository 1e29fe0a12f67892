namespace Formwork.Libtorch.Tests.Families;

/// <summary>A tensor of a checkpoint: its name, its shape, and how random numbers for it are drawn.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Shape">The shape in the file.</param>
/// <param name="Mean">The numbers' mean.</param>
/// <param name="Deviation">Their standard deviation.</param>
public sealed record TinyTensor(string Name, int[] Shape, double Mean, double Deviation)
{
    private const double VectorDeviation = 0.3;

    /// <summary>Whether the family's files have it and its computation does not read it.</summary>
    public bool IsUnread { get; init; }

    /// <summary>The numbers, where a family's checkpoints all have the same ones; null for random ones.</summary>
    public float[]? Fixed { get; init; }

    /// <summary>Numbers in it.</summary>
    public int Count => Shape.Aggregate(1, (product, size) => product * size);

    /// <summary>A linear layer's weight <c>[outputs, inputs]</c>, such that outputs are as large as inputs.</summary>
    public static TinyTensor Matrix(string name, int outputs, int inputs) => new(name, [outputs, inputs], 0, 1 / Math.Sqrt(inputs));

    /// <summary>The same, stored <c>[inputs, outputs]</c>.</summary>
    public static TinyTensor Transposed(string name, int inputs, int outputs) => new(name, [inputs, outputs], 0, 1 / Math.Sqrt(inputs));

    /// <summary>Several linear layers' weights in one tensor of any order; <paramref name="inputs"/> numbers are summed.</summary>
    public static TinyTensor Stack(string name, int inputs, params int[] shape) => new(name, shape, 0, 1 / Math.Sqrt(inputs));

    /// <summary>An embedding <c>[rows, width]</c>.</summary>
    public static TinyTensor Table(string name, int rows, int width, double deviation = 1) => new(name, [rows, width], 0, deviation);

    /// <summary>A norm's gain, around 1; around 0 where the family adds 1 itself.</summary>
    public static TinyTensor Gain(string name, int width, double mean = 1) => new(name, [width], mean, VectorDeviation);

    /// <summary>A bias, or any vector that is added: not zero, so that leaving it out shows.</summary>
    public static TinyTensor Bias(string name, params int[] shape) => new(name, shape, 0, VectorDeviation);

    /// <summary>A tensor that the family's files have and its computation does not read.</summary>
    public static TinyTensor Unread(string name, params int[] shape) => new(name, shape, 0, 1) { IsUnread = true };

    /// <summary>A linear layer's weight and, if it has one, its bias: <c>path.weight</c>, <c>path.bias</c>.</summary>
    public static IEnumerable<TinyTensor> Linear(string path, int outputs, int inputs, bool bias = false) =>
        bias ? [Matrix($"{path}.weight", outputs, inputs), Bias($"{path}.bias", outputs)] : [Matrix($"{path}.weight", outputs, inputs)];

    /// <summary>A norm's gain and, if it has one, its bias: <c>path.weight</c>, <c>path.bias</c>.</summary>
    public static IEnumerable<TinyTensor> Norm(string path, int width, bool bias = false) =>
        bias ? [Gain($"{path}.weight", width), Bias($"{path}.bias", width)] : [Gain($"{path}.weight", width)];

    /// <summary>Random numbers, a function of the seed and the name alone; or the fixed ones.</summary>
    public float[] Draw(int seed)
    {
        if (Fixed is not null)
            return Fixed;
        var random = new Random(seed ^ Name.Aggregate(17, (key, letter) => unchecked(key * 31 + letter)));
        var values = new float[Count];
        for (int i = 0; i < values.Length; i++)
        {
            // Box and Muller's way from two uniform numbers to a normal one.
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(Mean + Deviation * normal);
        }
        return values;
    }
}
