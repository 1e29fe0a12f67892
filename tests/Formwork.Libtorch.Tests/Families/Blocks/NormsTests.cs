using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Norms, against their formulas and libtorch's layer norm.</summary>
public class NormsTests : FamilyTest
{
    private const double Tolerance = 1e-12;

    [LibtorchFact]
    public void RmsIsLayerNormOfRowsWithoutMean()
    {
        Tensor x = randn(4, 10, float64), gain = randn(10, float64);
        Tensor centred = x - x.mean([-1], keepdim: true);

        Agree(
            Numbers(nn.functional.layer_norm(centred, [10], gain, null, 1e-3)),
            Numbers(Norms.Rms(centred, gain, 1e-3)), Tolerance);
        Agree(Numbers(Norms.Rms(x, gain + 1, 1e-3)), Numbers(Norms.RmsOffset(x, gain, 1e-3)), Tolerance);
    }

    [LibtorchFact]
    public void RmsIsItsFormula()
    {
        Tensor x = tensor(new[] { 3.0, -4, 0, 12 }, 1, 4);

        double[] found = Numbers(Norms.Rms(x, tensor(new[] { 1.0, 2, 3, 4 }), 0.75));

        double root = Math.Sqrt((9 + 16 + 144) / 4.0 + 0.75);
        Agree([3 / root, -8 / root, 0, 48 / root], found, Tolerance);
    }
}
