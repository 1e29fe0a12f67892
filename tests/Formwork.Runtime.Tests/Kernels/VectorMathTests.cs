using System.Runtime.Intrinsics;
using Formwork.Runtime.Kernels;
using Xunit;

namespace Formwork.Runtime.Tests.Kernels;

/// <summary>Each function, in each width, against float64.</summary>
public class VectorMathTests
{
    public static TheoryData<string> Functions => [.. Exact.Keys];

    private static readonly Dictionary<string, Func<double, double>> Exact = new()
    {
        ["Exp"] = Math.Exp,
        ["Erf"] = ErrorFunction,
        ["Relu"] = x => Math.Max(x, 0),
        ["ReluSquared"] = x => Math.Max(x, 0) * Math.Max(x, 0),
        ["Silu"] = x => x / (1 + Math.Exp(-x)),
        ["Gelu"] = x => x / 2 * (1 + ErrorFunction(x / Math.Sqrt(2))),
        ["GeluTanh"] = x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void AgreesWithFloat64InAllWidths(string function)
    {
        for (int step = -2000; step <= 2000; step++)
        {
            float x = step / 100f;
            double exact = Exact[function](x);
            foreach (float got in InAllWidths(function, x))
                Assert.True(Math.Abs(got - exact) <= 1e-6 * Math.Max(Math.Abs(exact), 1), $"{function}({x}) is {got}, expected {exact}");
        }
    }

    [Fact]
    public void ExpKeepsItsRelativeErrorOverTheWholeRange()
    {
        for (int step = -870; step <= 880; step++)
        {
            float x = step / 10f;
            foreach (float got in InAllWidths("Exp", x))
                Assert.True(Math.Abs(got / Math.Exp(x) - 1) < 3e-7, $"exp({x}) is {got}");
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    [InlineData(-1e30f)]
    public void ExpStaysFinite(float x)
    {
        foreach (float got in InAllWidths("Exp", x))
            Assert.True(float.IsFinite(got) && got > 0, $"exp({x}) is {got}");
    }

    [Fact]
    public void LargestFindsTheLargestLaneWhereverItIs()
    {
        for (int lane = 0; lane < 16; lane++)
        {
            var values = new float[16];
            Array.Fill(values, -3);
            values[lane] = -1;
            Assert.Equal(-1, VectorMath.Largest(Vector512.Create(values)));
            Assert.Equal(-1, VectorMath.Largest(Vector256.Create(values, lane / 8 * 8)));
            Assert.Equal(-1, VectorMath.Largest(Vector128.Create(values, lane / 4 * 4)));
        }
    }

    private static float[] InAllWidths(string function, float x) => function switch
    {
        "Exp" => [VectorMath.Exp(Vector128.Create(x))[0], VectorMath.Exp(Vector256.Create(x))[7], VectorMath.Exp(Vector512.Create(x))[15]],
        "Erf" => [VectorMath.Erf(Vector128.Create(x))[0], VectorMath.Erf(Vector256.Create(x))[7], VectorMath.Erf(Vector512.Create(x))[15]],
        "Relu" => [VectorMath.Relu(Vector128.Create(x))[0], VectorMath.Relu(Vector256.Create(x))[7], VectorMath.Relu(Vector512.Create(x))[15]],
        "ReluSquared" => [VectorMath.ReluSquared(Vector128.Create(x))[0], VectorMath.ReluSquared(Vector256.Create(x))[7], VectorMath.ReluSquared(Vector512.Create(x))[15]],
        "Silu" => [VectorMath.Silu(Vector128.Create(x))[0], VectorMath.Silu(Vector256.Create(x))[7], VectorMath.Silu(Vector512.Create(x))[15]],
        "Gelu" => [VectorMath.Gelu(Vector128.Create(x))[0], VectorMath.Gelu(Vector256.Create(x))[7], VectorMath.Gelu(Vector512.Create(x))[15]],
        "GeluTanh" => [VectorMath.GeluTanh(Vector128.Create(x))[0], VectorMath.GeluTanh(Vector256.Create(x))[7], VectorMath.GeluTanh(Vector512.Create(x))[15]],
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>2/√π · Σ (−1)ⁿ x^(2n+1) / (n!·(2n+1)), and ±1 where the series would cancel.</summary>
    private static double ErrorFunction(double x)
    {
        if (Math.Abs(x) > 5)
            return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
