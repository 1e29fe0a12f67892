using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Formwork.Runtime.Kernels;

/// <content>Vectors of 256 bits.</content>
public static partial class VectorMath
{
    /// <summary>e^x. Below −87.3 the result is about 1e-38, above 88.3 about 2e38: finite, so that sums of it are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(ExpLowest)), Vector256.Create(ExpHighest));
        Vector256<float> n = Vector256.Round(x * LogBase2OfE);
        Vector256<float> r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2High), x);
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2Low), r);
        Vector256<float> p = Vector256.MultiplyAddEstimate(Vector256.Create(Exp0), r, Vector256.Create(Exp1));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(Exp2));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(Exp3));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(Exp4));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(Exp5));
        p = Vector256.MultiplyAddEstimate(p, r * r, r) + Vector256<float>.One;
        Vector256<int> exponent = (Vector256.ConvertToInt32Native(n) + Vector256.Create(127)) << 23;
        return p * exponent.AsSingle();
    }

    /// <summary>The error function; absolute error below 1e-6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Erf(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-ErfLimit)), Vector256.Create(ErfLimit));
        Vector256<float> s = x * x;
        Vector256<float> p = Vector256.MultiplyAddEstimate(Vector256.Create(ErfP0), s, Vector256.Create(ErfP1));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(ErfP2));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(ErfP3));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(ErfP4));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(ErfP5));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(ErfP6));
        Vector256<float> q = Vector256.MultiplyAddEstimate(Vector256.Create(ErfQ0), s, Vector256.Create(ErfQ1));
        q = Vector256.MultiplyAddEstimate(q, s, Vector256.Create(ErfQ2));
        q = Vector256.MultiplyAddEstimate(q, s, Vector256.Create(ErfQ3));
        q = Vector256.MultiplyAddEstimate(q, s, Vector256.Create(ErfQ4));
        return x * p / q;
    }

    /// <summary>max(x, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Relu(Vector256<float> x) => Vector256.Max(x, Vector256<float>.Zero);

    /// <summary>max(x, 0)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ReluSquared(Vector256<float> x)
    {
        Vector256<float> positive = Relu(x);
        return positive * positive;
    }

    /// <summary>x·σ(x) = x / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Silu(Vector256<float> x) => x / (Vector256<float>.One + Exp(-x));

    /// <summary>x·Φ(x) = x/2 · (1 + erf(x/√2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gelu(Vector256<float> x) => x * 0.5f * (Vector256<float>.One + Erf(x * HalfSqrt2));

    /// <summary>x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))), written as x·σ(2·√(2/π)·(x + 0.044715·x³)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GeluTanh(Vector256<float> x)
    {
        Vector256<float> inner = Vector256.MultiplyAddEstimate(x * x, x * GeluCubic, x);
        return x / (Vector256<float>.One + Exp(inner * -TwiceSqrt2OverPi));
    }

    /// <summary>tanh(x); relative error below 1e-6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-TanhLimit)), Vector256.Create(TanhLimit));
        Vector256<float> s = x * x;
        Vector256<float> p = Vector256.MultiplyAddEstimate(Vector256.Create(TanhP0), s, Vector256.Create(TanhP1));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(TanhP2));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(TanhP3));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(TanhP4));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(TanhP5));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(TanhP6));
        Vector256<float> q = Vector256.MultiplyAddEstimate(Vector256.Create(TanhQ0), s, Vector256.Create(TanhQ1));
        q = Vector256.MultiplyAddEstimate(q, s, Vector256.Create(TanhQ2));
        q = Vector256.MultiplyAddEstimate(q, s, Vector256.Create(TanhQ3));
        return x * p / q;
    }

    /// <summary>σ(x) = 1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + Exp(-x));

    /// <summary>x·σ(1.702·x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GeluSigmoid(Vector256<float> x) => x / (Vector256<float>.One + Exp(x * -GeluSlope));

    /// <summary>The largest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector256<float> x) => Largest(Vector128.Max(x.GetLower(), x.GetUpper()));
}
