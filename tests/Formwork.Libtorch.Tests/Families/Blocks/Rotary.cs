using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>
/// Rotary positions: pair i of a head turns by position · frequency i. Source: Su et al., "RoFormer" (2021), equation 15.
/// </summary>
/// <param name="Frequencies">One a pair, radians a position; twice as many numbers of a head are turned, the rest stay.</param>
/// <param name="Factor">What cosines and sines are multiplied by: YaRN's and LongRoPE's attention factor.</param>
public sealed record Rotary(double[] Frequencies, double Factor = 1)
{
    /// <summary>Turns pairs (i, i + half), as GPT-NeoX and every Hugging Face checkpoint of Llama has them.</summary>
    /// <param name="x">Heads, <c>[batch, heads, length, head width]</c>.</param>
    /// <param name="positions"><c>[batch, length]</c>.</param>
    public Tensor TurnHalves(Tensor x, Tensor positions)
    {
        (Tensor cosines, Tensor sines) = Angles(x, positions);
        int half = Frequencies.Length;
        Tensor first = x.slice(-1, 0, half, 1), second = x.slice(-1, half, 2 * half, 1), rest = x.slice(-1, 2 * half, x.shape[^1], 1);
        return cat([first * cosines - second * sines, second * cosines + first * sines, rest], -1);
    }

    /// <summary>Turns pairs (2i, 2i + 1), as RoFormer, Meta's Llama and DeepSeek write it.</summary>
    /// <param name="x">Heads, <c>[batch, heads, length, head width]</c>.</param>
    /// <param name="positions"><c>[batch, length]</c>.</param>
    public Tensor TurnPairs(Tensor x, Tensor positions)
    {
        (Tensor cosines, Tensor sines) = Angles(x, positions);
        int turned = 2 * Frequencies.Length;
        Tensor even = x.slice(-1, 0, turned, 2), odd = x.slice(-1, 1, turned, 2), rest = x.slice(-1, turned, x.shape[^1], 1);
        Tensor pairs = stack([even * cosines - odd * sines, odd * cosines + even * sines], -1).flatten(-2);
        return cat([pairs, rest], -1);
    }

    /// <summary><c>[batch, 1, length, pairs]</c>, computed in float64 whatever the weights' type.</summary>
    private (Tensor Cosines, Tensor Sines) Angles(Tensor x, Tensor positions)
    {
        Tensor angles = (positions.to(float64).unsqueeze(-1) * tensor(Frequencies, float64)).unsqueeze(1);
        return ((angles.cos() * Factor).to(x.dtype), (angles.sin() * Factor).to(x.dtype));
    }
}
