using TorchSharp;
using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>Vaswani et al. (2017), section 3.5: sin, cos, sin, cos … of position·base^(−2i / width).</summary>
internal static class LibtorchSinusoids
{
    /// <summary>(positions, width).</summary>
    public static Tensor Table(int positions, int width, double positionBase)
    {
        var frequencies = pow(positionBase, arange(0, width, 2, ScalarType.Float64) / -width);
        var angles = outer(arange(positions, ScalarType.Float64), frequencies);
        return stack([angles.sin(), angles.cos()], -1).flatten(1).to(ScalarType.Float32);
    }
}
