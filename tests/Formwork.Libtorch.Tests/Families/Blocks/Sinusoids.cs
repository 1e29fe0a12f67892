using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Sinusoidal positions of a base of 10000, in the ways in which implementations place and space them.</summary>
public static class Sinusoids
{
    /// <summary>
    /// Sine and cosine of position / 10000^(2i/width), by turns.
    /// Source: Vaswani et al., "Attention is all you need" (2017), section 3.5.
    /// </summary>
    /// <param name="positions">Any shape.</param>
    /// <param name="width">An even number.</param>
    /// <param name="type">The result's number type; angles are computed in float64.</param>
    /// <returns>The shape of <paramref name="positions"/> and one more dimension of <paramref name="width"/>.</returns>
    public static Tensor Interleaved(Tensor positions, int width, ScalarType type)
    {
        Tensor angles = Angles(positions, width, width / 2);
        return stack([angles.sin(), angles.cos()], -1).flatten(-2).to(type);
    }

    /// <summary>The same numbers, all sines before all cosines: Marian's. Source: marian-nmt, "sinusoidal positional embeddings".</summary>
    public static Tensor Halves(Tensor positions, int width, ScalarType type)
    {
        Tensor angles = Angles(positions, width, width / 2);
        return cat([angles.sin(), angles.cos()], -1).to(type);
    }

    /// <summary>
    /// Sines before cosines, and the last frequency is 1/10000 itself: 10000^(−i / (width/2 − 1)). tensor2tensor's way, which fairseq and
    /// Whisper took over. Source: tensor2tensor, get_timing_signal_1d; openai/whisper, model.py, sinusoids.
    /// </summary>
    public static Tensor ClosedHalves(Tensor positions, int width, ScalarType type)
    {
        Tensor angles = Angles(positions, width, width / 2 - 1);
        return cat([angles.sin(), angles.cos()], -1).to(type);
    }

    private static Tensor Angles(Tensor positions, int width, int steps) =>
        positions.to(float64).unsqueeze(-1) * exp(arange(width / 2, float64) * (-Math.Log(10000) / steps));
}
