using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Formwork.Runtime.Kernels;

/// <content>Derivatives of activations, in vectors of 512 bits.</content>
public static partial class VectorMath
{
    /// <summary>The derivative of max(x, 0), given y: 1 where y is positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ReluDerivative(Vector512<float> y) => Vector512.GreaterThan(y, Vector512<float>.Zero) & Vector512<float>.One;

    /// <summary>The derivative of tanh, given y: 1 − y².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> TanhDerivative(Vector512<float> y) => Vector512<float>.One - y * y;

    /// <summary>The derivative of the sigmoid, given y: y·(1 − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SigmoidDerivative(Vector512<float> y) => y * (Vector512<float>.One - y);

    /// <summary>The derivative of max(x, 0)²: 2·max(x, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ReluSquaredDerivative(Vector512<float> x) => Relu(x) * 2f;

    /// <summary>The derivative of x·Φ(x): Φ(x) + x·e^(−x²/2) / √(2π).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluDerivative(Vector512<float> x)
    {
        Vector512<float> share = (Vector512<float>.One + Erf(x * HalfSqrt2)) * 0.5f;
        return Vector512.MultiplyAddEstimate(x * OneOverSqrt2Pi, Exp(x * x * -0.5f), share);
    }

    /// <summary>The derivative of x·σ(u), u = 2·√(2/π)·(x + 0.044715·x³): σ + x·σ·(1 − σ)·u′.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluTanhDerivative(Vector512<float> x)
    {
        Vector512<float> square = x * x;
        Vector512<float> share = Sigmoid(Vector512.MultiplyAddEstimate(square, x * GeluCubic, x) * TwiceSqrt2OverPi);
        Vector512<float> slope = Vector512.MultiplyAddEstimate(square, Vector512.Create(3 * GeluCubic * TwiceSqrt2OverPi), Vector512.Create(TwiceSqrt2OverPi));
        return Vector512.MultiplyAddEstimate(x * slope, share * (Vector512<float>.One - share), share);
    }

    /// <summary>The derivative of x·σ(x): σ + x·σ·(1 − σ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SiluDerivative(Vector512<float> x)
    {
        Vector512<float> share = Sigmoid(x);
        return Vector512.MultiplyAddEstimate(x * share, Vector512<float>.One - share, share);
    }

    /// <summary>The derivative of x·σ(1.702·x): σ + 1.702·x·σ·(1 − σ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluSigmoidDerivative(Vector512<float> x)
    {
        Vector512<float> share = Sigmoid(x * GeluSlope);
        return Vector512.MultiplyAddEstimate(x * GeluSlope * share, Vector512<float>.One - share, share);
    }
}
