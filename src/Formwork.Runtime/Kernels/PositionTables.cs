namespace Formwork.Runtime.Kernels;

/// <summary>Sines and cosines of positions, computed once when a model is loaded, in float64 and then rounded.</summary>
public static unsafe class PositionTables
{
    /// <summary>
    /// For rotary positions: <c>table[position, 0 … half)</c> are the cosines and <c>[half … 2·half)</c> the sines of
    /// position·base^(−2i / width), half being width / 2. Shape <c>[context, width]</c>.
    /// </summary>
    public static void FillRotary(float* table, int context, int width, double frequencyBase)
    {
        int half = width / 2;
        for (int i = 0; i < half; i++)
        {
            double frequency = Math.Pow(frequencyBase, -2.0 * i / width);
            for (int position = 0; position < context; position++)
            {
                (double sine, double cosine) = Math.SinCos(position * frequency);
                table[(long)position * width + i] = (float)cosine;
                table[(long)position * width + half + i] = (float)sine;
            }
        }
    }

    /// <summary>
    /// Positions to add to embeddings (Vaswani et al. 2017, section 3.5). Shape <c>[context, stride]</c>; the sine and cosine of frequency i
    /// stand at 2i and 2i + 1, or with <paramref name="halves"/> at i and width / 2 + i.
    /// </summary>
    public static void FillSinusoidal(float* table, int context, int width, int stride, double frequencyBase, bool halves)
    {
        int half = width / 2;
        for (int i = 0; i < half; i++)
        {
            double frequency = Math.Pow(frequencyBase, -2.0 * i / width);
            for (int position = 0; position < context; position++)
            {
                (double sine, double cosine) = Math.SinCos(position * frequency);
                float* row = table + (long)position * stride;
                row[halves ? i : 2 * i] = (float)sine;
                row[halves ? half + i : 2 * i + 1] = (float)cosine;
            }
        }
    }
}
