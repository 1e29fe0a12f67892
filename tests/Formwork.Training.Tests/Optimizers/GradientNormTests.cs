using Formwork.Runtime.Memory;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Weights;
using Formwork.Training.Optimizers;
using Xunit;

namespace Formwork.Training.Tests.Optimizers;

public unsafe class GradientNormTests
{
    private static readonly WeightTable Table = new("Test", "test", [], [new("p.weight", "t", 400, 500, 0, WeightPacking.Panels)], [], 200_000);

    [Fact]
    public void NormIsTheRootOfTheSumOfSquaresOnAnyNumberOfThreads()
    {
        using NativeBuffer gradients = WeightLoader.Random(Table, 1, RandomKind.Everything);
        double expected = Math.Sqrt(gradients.AsSpan(0, 200_000).ToArray().Sum(value => (double)value * value));
        double one = Norm(gradients, 1);
        Assert.Equal(expected, one, expected * 1e-13);
        Assert.Equal(one, Norm(gradients, 3));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void OneNumberThatIsNoneShows(float value)
    {
        using NativeBuffer gradients = WeightLoader.Random(Table, 1, RandomKind.Everything);
        gradients.AsSpan(123_456, 1)[0] = value;
        Assert.False(double.IsFinite(Norm(gradients, 2)));
    }

    private static double Norm(NativeBuffer gradients, int threads)
    {
        var norm = new GradientNorm(WeightChunks.Find(Table));
        using var team = new WorkerTeam(threads);
        team.Run(worker => norm.Sum(gradients.Pointer, worker), alone: false);
        return norm.Value();
    }
}
