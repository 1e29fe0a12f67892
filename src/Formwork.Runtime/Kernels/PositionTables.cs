namespace Formwork.Runtime.Kernels;

/// <summary>Tables of positions, computed once when a model is loaded, in float64 and then rounded.</summary>
public static unsafe class PositionTables
{
    /// <summary>
    /// For rotary positions (Su et al. 2021): <c>table[position, 0 … half)</c> are the cosines and <c>[half … 2·half)</c> the sines of
    /// position·base^(−2i / width), half being width / 2. Shape <c>[context, width]</c>.
    /// </summary>
    public static void FillRotary(float* table, int context, int width, double frequencyBase)
    {
        var frequencies = new double[width / 2];
        for (int i = 0; i < frequencies.Length; i++)
            frequencies[i] = Math.Pow(frequencyBase, -2.0 * i / width);
        FillRotary(table, context, width, frequencies, magnitude: 1);
    }

    /// <summary>
    /// The same for scaled rotary positions: cosines and sines of position·<paramref name="frequencies"/>[i], times
    /// <paramref name="magnitude"/>. Shape <c>[context, width]</c>, with width / 2 frequencies.
    /// </summary>
    public static void FillRotary(float* table, int context, int width, ReadOnlySpan<double> frequencies, double magnitude)
    {
        int half = width / 2;
        ArgumentOutOfRangeException.ThrowIfNotEqual(frequencies.Length, half);
        for (int i = 0; i < half; i++)
        {
            for (int position = 0; position < context; position++)
            {
                (double sine, double cosine) = Math.SinCos(position * frequencies[i]);
                table[(long)position * width + i] = (float)(cosine * magnitude);
                table[(long)position * width + half + i] = (float)(sine * magnitude);
            }
        }
    }

    /// <summary>
    /// Positions to add to embeddings (Vaswani et al. 2017, section 3.5). Shape <c>[context, stride]</c>; the sine and cosine of frequency i
    /// stand at 2i and 2i + 1, or with <paramref name="halves"/> at i and width / 2 + i. Frequencies are base^(−i / half), or with
    /// <paramref name="closed"/> base^(−i / (half − 1)), which ends at the base's inverse (tensor2tensor's timing signal).
    /// </summary>
    /// <param name="table">Where it goes.</param>
    /// <param name="context">Number of positions.</param>
    /// <param name="width">Numbers of each.</param>
    /// <param name="stride">Floats from one position to the next.</param>
    /// <param name="frequencyBase">The base.</param>
    /// <param name="halves">Whether all sines stand before all cosines.</param>
    /// <param name="offset">Row p is the signal of position p + offset.</param>
    /// <param name="closed">Whether the last frequency is the base's inverse.</param>
    public static void FillSinusoidal(float* table, int context, int width, int stride, double frequencyBase, bool halves, int offset = 0, bool closed = false)
    {
        int half = width / 2;
        for (int i = 0; i < half; i++)
        {
            double exponent = closed ? i / Math.Max(1.0, half - 1) : 2.0 * i / width;
            double frequency = Math.Pow(frequencyBase, -exponent);
            for (int position = 0; position < context; position++)
            {
                (double sine, double cosine) = Math.SinCos((position + offset) * frequency);
                float* row = table + (long)position * stride;
                row[halves ? i : 2 * i] = (float)sine;
                row[halves ? half + i : 2 * i + 1] = (float)cosine;
            }
        }
    }

    /// <summary>
    /// What ALiBi adds to a score (Press et al. 2022): slope·(j − i) for key j and query i, or with <paramref name="bidirectional"/>
    /// −slope·|j − i|. Shape <c>[heads, 2·context + 64]</c>, at j − i + context.
    /// </summary>
    public static void FillDistanceBias(float* table, int context, int heads, bool bidirectional = false)
    {
        for (int head = 0; head < heads; head++)
        {
            double slope = AlibiSlope(head, heads);
            for (int index = 0; index < DistanceStride(context); index++)
            {
                int distance = index - context;
                table[head * DistanceStride(context) + index] = (float)(slope * (bidirectional ? -Math.Abs(distance) : distance));
            }
        }
    }

    /// <summary>
    /// What T5 adds to a score (Raffel et al. 2020, section 2.1): a learned number a head for the bucket that the distance j − i falls into.
    /// Shape <c>[heads, 2·context + 64]</c>, at j − i + context.
    /// </summary>
    /// <param name="table">Where it goes.</param>
    /// <param name="context">Number of positions.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="weights">The learned numbers, <c>[buckets, stride]</c>.</param>
    /// <param name="stride">Floats from one bucket to the next: the heads, padded.</param>
    /// <param name="buckets">Number of buckets.</param>
    /// <param name="maxDistance">From here on all distances share the last bucket.</param>
    /// <param name="bidirectional">Whether half of the buckets are for keys after the query; else all of them share the first.</param>
    public static void FillDistanceBias(
        float* table, int context, int heads, float* weights, int stride, int buckets, int maxDistance, bool bidirectional)
    {
        for (int index = 0; index < DistanceStride(context); index++)
        {
            int bucket = DistanceBucket(index - context, buckets, maxDistance, bidirectional);
            for (int head = 0; head < heads; head++)
                table[head * DistanceStride(context) + index] = weights[(long)bucket * stride + head];
        }
    }

    /// <summary>Floats of one head's distance biases.</summary>
    internal static long DistanceStride(int context) => 2L * context + 64;

    /// <summary>
    /// ALiBi's slope of a head. For n heads, n a power of two, they are 2^(−8(h + 1) / n); for any other number the authors' code takes those of
    /// the power of two below it and then every other one of the power above.
    /// </summary>
    internal static double AlibiSlope(int head, int heads)
    {
        int power = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)heads + 1) / 2;
        return head < power ? Math.Pow(2, -8.0 * (head + 1) / power) : Math.Pow(2, -8.0 * (2 * (head - power) + 1) / (2 * power));
    }

    /// <summary>
    /// T5's bucket for a key so far after a query: one a distance for the near half of the buckets, the rest logarithmically up to the greatest
    /// distance. A distance on the border of two buckets is in the farther one, on every machine; the authors' code (Mesh TensorFlow and Hugging
    /// Face, <c>_relative_position_bucket</c>) computes in float32, which with the numbers that models were trained with comes to the same.
    /// </summary>
    /// <param name="distance">The key's position less the query's.</param>
    /// <param name="buckets">Number of buckets; 4 or more.</param>
    /// <param name="maxDistance">From here on all distances without a bucket of their own share the last.</param>
    /// <param name="bidirectional">Whether half of the buckets are for keys after the query; else all of them share the first.</param>
    public static int DistanceBucket(int distance, int buckets, int maxDistance, bool bidirectional)
    {
        int first = 0;
        if (bidirectional)
        {
            buckets /= 2;
            first = distance > 0 ? buckets : 0;
        }
        int away = bidirectional ? Math.Abs(distance) : Math.Max(0, -distance), exact = buckets / 2;
        if (away < exact)
            return first + away;
        if (away >= maxDistance)
            return first + buckets - 1;
        // Whole numbers must not fall short by rounding: 12 of 27 with 8 exact buckets of 17 is 3 of 9 steps.
        const double Rounding = 1e-9;
        double share = Math.Log(away / (double)exact) / Math.Log(maxDistance / (double)exact);
        return first + Math.Min(buckets - 1, exact + (int)(share * (buckets - exact) + Rounding));
    }
}
