using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Formwork.Runtime.Kernels;

/// <content>Derivatives of activations, in vectors of 256 bits.</content>
public static partial class VectorMath
{
    /// <summary>The derivative of max(x, 0), given y: 1 where y is positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ReluDerivative(Vector256<float> y) => Vector256.GreaterThan(y, Vector256<float>.Zero) & Vector256<float>.One;

    /// <summary>The derivative of tanh, given y: 1 − y².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> TanhDerivative(Vector256<float> y) => Vector256<float>.One - y * y;

    /// <summary>The derivative of the sigmoid, given y: y·(1 − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SigmoidDerivative(Vector256<float> y) => y * (Vector256<float>.One - y);

    /// <summary>The derivative of max(x, 0)²: 2·max(x, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ReluSquaredDerivative(Vector256<float> x) => Relu(x) * 2f;

    /// <summary>The derivative of x·Φ(x): Φ(x) + x·e^(−x²/2) / √(2π).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GeluDerivative(Vector256<float> x)
    {
        Vector256<float> share = (Vector256<float>.One + Erf(x * HalfSqrt2)) * 0.5f;
        return Vector256.MultiplyAddEstimate(x * OneOverSqrt2Pi, Exp(x * x * -0.5f), share);
    }

    /// <summary>The derivative of x·σ(u), u = 2·√(2/π)·(x + 0.044715·x³): σ + x·σ·(1 − σ)·u′.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GeluTanhDerivative(Vector256<float> x)
    {
        Vector256<float> square = x * x;
        Vector256<float> share = Sigmoid(Vector256.MultiplyAddEstimate(square, x * GeluCubic, x) * TwiceSqrt2OverPi);
        Vector256<float> slope = Vector256.MultiplyAddEstimate(square, Vector256.Create(3 * GeluCubic * TwiceSqrt2OverPi), Vector256.Create(TwiceSqrt2OverPi));
        return Vector256.MultiplyAddEstimate(x * slope, share * (Vector256<float>.One - share), share);
    }

    /// <summary>The derivative of x·σ(x): σ + x·σ·(1 − σ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SiluDerivative(Vector256<float> x)
    {
        Vector256<float> share = Sigmoid(x);
        return Vector256.MultiplyAddEstimate(x * share, Vector256<float>.One - share, share);
    }

    /// <summary>The derivative of x·σ(1.702·x): σ + 1.702·x·σ·(1 − σ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GeluSigmoidDerivative(Vector256<float> x)
    {
        Vector256<float> share = Sigmoid(x * GeluSlope);
        return Vector256.MultiplyAddEstimate(x * GeluSlope * share, Vector256<float>.One - share, share);
    }
}
