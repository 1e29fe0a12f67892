using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Norms over the last dimension.</summary>
public static class Norms
{
    /// <summary>x / √(mean(x²) + ε) · g. Source: Zhang, Sennrich, "Root mean square layer normalization" (2019), equation 4.</summary>
    public static Tensor Rms(Tensor x, Tensor gain, double epsilon) => x * rsqrt(x.square().mean([-1], keepdim: true) + epsilon) * gain;

    /// <summary>The same with gain 1 + g, as Gemma stores it. Source: google-deepmind/gemma, its RMSNorm layer.</summary>
    public static Tensor RmsOffset(Tensor x, Tensor gain, double epsilon) => Rms(x, gain + 1, epsilon);

    /// <summary>libtorch's own layer norm with <c>path.weight</c> and, if the checkpoint has it, <c>path.bias</c>.</summary>
    public static Tensor Layer(Tensor x, TinyWeights weights, string path, double epsilon) => nn.functional.layer_norm(
        x, [x.shape[^1]], weights[$"{path}.weight"], weights.Has($"{path}.bias") ? weights[$"{path}.bias"] : null, epsilon);
}
