using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Formwork.Runtime.Kernels;

/// <content>Vectors of 512 bits.</content>
public static partial class VectorMath
{
    /// <summary>e^x. Below −87.3 the result is about 1e-38, above 88.3 about 2e38: finite, so that sums of it are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.Min(Vector512.Max(x, Vector512.Create(ExpLowest)), Vector512.Create(ExpHighest));
        Vector512<float> n = Vector512.Round(x * LogBase2OfE);
        Vector512<float> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2High), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Low), r);
        Vector512<float> p = Vector512.MultiplyAddEstimate(Vector512.Create(Exp0), r, Vector512.Create(Exp1));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(Exp2));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(Exp3));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(Exp4));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(Exp5));
        p = Vector512.MultiplyAddEstimate(p, r * r, r) + Vector512<float>.One;
        Vector512<int> exponent = (Vector512.ConvertToInt32Native(n) + Vector512.Create(127)) << 23;
        return p * exponent.AsSingle();
    }

    /// <summary>The error function; absolute error below 1e-6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x)
    {
        x = Vector512.Min(Vector512.Max(x, Vector512.Create(-ErfLimit)), Vector512.Create(ErfLimit));
        Vector512<float> s = x * x;
        Vector512<float> p = Vector512.MultiplyAddEstimate(Vector512.Create(ErfP0), s, Vector512.Create(ErfP1));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(ErfP2));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(ErfP3));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(ErfP4));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(ErfP5));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(ErfP6));
        Vector512<float> q = Vector512.MultiplyAddEstimate(Vector512.Create(ErfQ0), s, Vector512.Create(ErfQ1));
        q = Vector512.MultiplyAddEstimate(q, s, Vector512.Create(ErfQ2));
        q = Vector512.MultiplyAddEstimate(q, s, Vector512.Create(ErfQ3));
        q = Vector512.MultiplyAddEstimate(q, s, Vector512.Create(ErfQ4));
        return x * p / q;
    }

    /// <summary>max(x, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Relu(Vector512<float> x) => Vector512.Max(x, Vector512<float>.Zero);

    /// <summary>max(x, 0)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ReluSquared(Vector512<float> x)
    {
        Vector512<float> positive = Relu(x);
        return positive * positive;
    }

    /// <summary>x·σ(x) = x / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Silu(Vector512<float> x) => x / (Vector512<float>.One + Exp(-x));

    /// <summary>x·Φ(x) = x/2 · (1 + erf(x/√2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gelu(Vector512<float> x) => x * 0.5f * (Vector512<float>.One + Erf(x * HalfSqrt2));

    /// <summary>x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))), written as x·σ(2·√(2/π)·(x + 0.044715·x³)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluTanh(Vector512<float> x)
    {
        Vector512<float> inner = Vector512.MultiplyAddEstimate(x * x, x * GeluCubic, x);
        return x / (Vector512<float>.One + Exp(inner * -TwiceSqrt2OverPi));
    }

    /// <summary>tanh(x); relative error below 1e-6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        x = Vector512.Min(Vector512.Max(x, Vector512.Create(-TanhLimit)), Vector512.Create(TanhLimit));
        Vector512<float> s = x * x;
        Vector512<float> p = Vector512.MultiplyAddEstimate(Vector512.Create(TanhP0), s, Vector512.Create(TanhP1));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(TanhP2));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(TanhP3));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(TanhP4));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(TanhP5));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(TanhP6));
        Vector512<float> q = Vector512.MultiplyAddEstimate(Vector512.Create(TanhQ0), s, Vector512.Create(TanhQ1));
        q = Vector512.MultiplyAddEstimate(q, s, Vector512.Create(TanhQ2));
        q = Vector512.MultiplyAddEstimate(q, s, Vector512.Create(TanhQ3));
        return x * p / q;
    }

    /// <summary>σ(x) = 1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>x·σ(1.702·x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluSigmoid(Vector512<float> x) => x / (Vector512<float>.One + Exp(x * -GeluSlope));

    /// <summary>The largest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector512<float> x) => Largest(Vector256.Max(x.GetLower(), x.GetUpper()));
}
