using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Sinusoidal positions at places where they can be computed by hand.</summary>
public class SinusoidsTests : FamilyTest
{
    [LibtorchFact]
    public void SinesAndCosinesTakeTurnsInThePaper() => Agree(
        [Math.Sin(3), Math.Cos(3), Math.Sin(0.03), Math.Cos(0.03)], Numbers(Sinusoids.Interleaved(tensor(3L), 4, ScalarType.Float64)), 1e-12);

    [LibtorchFact]
    public void SinesComeFirstInMarian() => Agree(
        [Math.Sin(3), Math.Sin(0.03), Math.Cos(3), Math.Cos(0.03)], Numbers(Sinusoids.Halves(tensor(3L), 4, ScalarType.Float64)), 1e-12);

    [LibtorchFact]
    public void TheSlowestWaveIsWholeInTensor2Tensor() => Agree(
        [Math.Sin(3), Math.Sin(0.03), Math.Sin(0.0003), Math.Cos(3), Math.Cos(0.03), Math.Cos(0.0003)],
        Numbers(Sinusoids.ClosedHalves(tensor(3L), 6, ScalarType.Float64)), 1e-12);
}
