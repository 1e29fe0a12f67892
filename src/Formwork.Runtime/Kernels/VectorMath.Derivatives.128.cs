using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Formwork.Runtime.Kernels;

/// <content>Derivatives of activations, in vectors of 128 bits.</content>
public static partial class VectorMath
{
    /// <summary>The derivative of max(x, 0), given y: 1 where y is positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ReluDerivative(Vector128<float> y) => Vector128.GreaterThan(y, Vector128<float>.Zero) & Vector128<float>.One;

    /// <summary>The derivative of tanh, given y: 1 − y².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> TanhDerivative(Vector128<float> y) => Vector128<float>.One - y * y;

    /// <summary>The derivative of the sigmoid, given y: y·(1 − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SigmoidDerivative(Vector128<float> y) => y * (Vector128<float>.One - y);

    /// <summary>The derivative of max(x, 0)²: 2·max(x, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ReluSquaredDerivative(Vector128<float> x) => Relu(x) * 2f;

    /// <summary>The derivative of x·Φ(x): Φ(x) + x·e^(−x²/2) / √(2π).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GeluDerivative(Vector128<float> x)
    {
        Vector128<float> share = (Vector128<float>.One + Erf(x * HalfSqrt2)) * 0.5f;
        return Vector128.MultiplyAddEstimate(x * OneOverSqrt2Pi, Exp(x * x * -0.5f), share);
    }

    /// <summary>The derivative of x·σ(u), u = 2·√(2/π)·(x + 0.044715·x³): σ + x·σ·(1 − σ)·u′.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GeluTanhDerivative(Vector128<float> x)
    {
        Vector128<float> square = x * x;
        Vector128<float> share = Sigmoid(Vector128.MultiplyAddEstimate(square, x * GeluCubic, x) * TwiceSqrt2OverPi);
        Vector128<float> slope = Vector128.MultiplyAddEstimate(square, Vector128.Create(3 * GeluCubic * TwiceSqrt2OverPi), Vector128.Create(TwiceSqrt2OverPi));
        return Vector128.MultiplyAddEstimate(x * slope, share * (Vector128<float>.One - share), share);
    }

    /// <summary>The derivative of x·σ(x): σ + x·σ·(1 − σ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SiluDerivative(Vector128<float> x)
    {
        Vector128<float> share = Sigmoid(x);
        return Vector128.MultiplyAddEstimate(x * share, Vector128<float>.One - share, share);
    }

    /// <summary>The derivative of x·σ(1.702·x): σ + 1.702·x·σ·(1 − σ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GeluSigmoidDerivative(Vector128<float> x)
    {
        Vector128<float> share = Sigmoid(x * GeluSlope);
        return Vector128.MultiplyAddEstimate(x * GeluSlope * share, Vector128<float>.One - share, share);
    }
}
