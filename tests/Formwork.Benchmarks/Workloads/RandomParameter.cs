namespace Formwork.Benchmarks.Workloads;

/// <summary>
/// Random numbers of one parameter, the same for every contender, so that their logits can be compared: each number is a function of the
/// parameter's name and its place in the (outputs, inputs) matrix alone, so any part can be made in any order.
/// </summary>
public readonly struct RandomParameter
{
    // Uniform over ±√3·0.02: a standard deviation of 0.02, as GPT-2 was initialised with.
    private const float Amplitude = 0.034641f;
    private readonly uint _seed;
    private readonly float _centre;
    private readonly float _amplitude;

    /// <summary>The parameter with this name in the graph, for example <c>layers.0.attention.query.weight</c>.</summary>
    public RandomParameter(string name)
    {
        _seed = Hash(name);

        // Gains are near one, so that a norm that forgets them gives other logits.
        (_centre, _amplitude) = name.EndsWith("norm.weight", StringComparison.Ordinal) ? (1f, 0.1f) : (0f, Amplitude);
    }

    /// <summary>The numbers from the <paramref name="first"/> on, counted row by row.</summary>
    public void Fill(long first, Span<float> destination)
    {
        var start = _seed + (uint)first;
        for (var i = 0; i < destination.Length; i++)
            destination[i] = _centre + _amplitude * (Mix(start + (uint)i) * (2f / uint.MaxValue) - 1f);
    }

    /// <summary>A whole matrix of (outputs, inputs), row by row.</summary>
    public static float[] Matrix(string name, int rows, int columns)
    {
        var parameter = new RandomParameter(name);
        var values = new float[(long)rows * columns];
        Parallel.For(0, rows, row => parameter.Fill((long)row * columns, values.AsSpan(row * columns, columns)));
        return values;
    }

    private static uint Hash(string text)
    {
        // FNV-1a
        var hash = 2166136261u;
        foreach (var character in text)
            hash = (hash ^ character) * 16777619;
        return hash;
    }

    // A 32-bit finaliser with low bias (C. Wellons, hash-prospector).
    private static uint Mix(uint x)
    {
        x = (x ^ x >> 16) * 0x7feb352d;
        x = (x ^ x >> 15) * 0x846ca68b;
        return x ^ x >> 16;
    }
}
