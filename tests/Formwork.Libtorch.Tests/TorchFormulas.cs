using Formwork.Compiler.Spec;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Formwork.Libtorch.Tests;

/// <summary>The operations of transformers as PyTorch code writes them: on whole tensors <c>[tokens, width]</c>, with libtorch's own functions.</summary>
internal static class TorchFormulas
{
    /// <summary>x·rsqrt(mean(x²) + ε)·g, as in Llama's model.py.</summary>
    public static Tensor RmsNorm(Tensor x, Tensor gain, double epsilon) =>
        x * rsqrt(x.pow(2).mean([-1], keepdim: true) + epsilon) * gain;

    /// <summary>Rotary positions: Meta's way, complex numbers, for the interleaved pairing; GPT-NeoX's way, rotate_half, for halves.</summary>
    public static Tensor Rotate(Tensor x, int heads, RotarySpec spec, int firstPosition = 0)
    {
        long tokens = x.shape[0], headWidth = x.shape[1] / heads;
        Tensor byHead = x.view(tokens, heads, headWidth);
        Tensor turned = byHead.slice(2, 0, spec.Width, 1), rest = byHead.slice(2, spec.Width, headWidth, 1);
        Tensor frequencies = 1 / pow(spec.Base, arange(0, spec.Width, 2, float64) / spec.Width);
        Tensor angles = outer(arange(firstPosition, firstPosition + tokens, float64), frequencies).unsqueeze(1);
        turned = spec.Pairing == RotaryPairing.Interleaved ? RotatePairs(turned, angles) : RotateHalves(turned, angles);
        return cat([turned, rest], 2).reshape(tokens, -1);
    }

    /// <summary>Scaled dot-product attention, key/value heads repeated for the queries that share them.</summary>
    public static Tensor Attention(Tensor q, Tensor k, Tensor v, int heads, int keyValueHeads, bool causal)
    {
        long tokens = q.shape[0];
        Tensor ByHead(Tensor x, int count) => x.view(tokens, count, -1).transpose(0, 1).repeat_interleave(heads / count, 0).unsqueeze(0);
        Tensor attended = functional.scaled_dot_product_attention(
            ByHead(q, heads), ByHead(k, keyValueHeads), ByHead(v, keyValueHeads), is_casual: causal);
        return attended.squeeze(0).transpose(0, 1).reshape(tokens, -1);
    }

    /// <summary>libtorch's function of the name.</summary>
    public static Tensor Activate(Tensor x, Activation activation) => activation switch
    {
        Activation.Relu => functional.relu(x),
        Activation.ReluSquared => functional.relu(x).square(),
        Activation.Gelu => functional.gelu(x),
        Activation.GeluTanh => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        Activation.Silu => functional.silu(x),
        Activation.GeluSigmoid => x * sigmoid(x * 1.702),
        Activation.Tanh => tanh(x),
        Activation.Sigmoid => sigmoid(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    private static Tensor RotatePairs(Tensor x, Tensor angles)
    {
        Tensor pairs = x.reshape(x.shape[0], x.shape[1], -1, 2).contiguous().view_as_complex();
        return (pairs * polar(ones_like(angles), angles)).view_as_real().flatten(2);
    }

    private static Tensor RotateHalves(Tensor x, Tensor angles)
    {
        Tensor[] halves = x.chunk(2, -1);
        Tensor rotated = cat([-halves[1], halves[0]], -1);
        Tensor both = cat([angles, angles], -1);
        return x * cos(both) + rotated * sin(both);
    }
}
