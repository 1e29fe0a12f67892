using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Formwork.Runtime.Kernels;

/// <content>Vectors of 128 bits.</content>
public static partial class VectorMath
{
    /// <summary>e^x. Below −87.3 the result is about 1e-38, above 88.3 about 2e38: finite, so that sums of it are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x)
    {
        x = Vector128.Min(Vector128.Max(x, Vector128.Create(ExpLowest)), Vector128.Create(ExpHighest));
        Vector128<float> n = Vector128.Round(x * LogBase2OfE);
        Vector128<float> r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2High), x);
        r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2Low), r);
        Vector128<float> p = Vector128.MultiplyAddEstimate(Vector128.Create(Exp0), r, Vector128.Create(Exp1));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(Exp2));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(Exp3));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(Exp4));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(Exp5));
        p = Vector128.MultiplyAddEstimate(p, r * r, r) + Vector128<float>.One;
        Vector128<int> exponent = (Vector128.ConvertToInt32Native(n) + Vector128.Create(127)) << 23;
        return p * exponent.AsSingle();
    }

    /// <summary>The error function; absolute error below 1e-6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Erf(Vector128<float> x)
    {
        x = Vector128.Min(Vector128.Max(x, Vector128.Create(-ErfLimit)), Vector128.Create(ErfLimit));
        Vector128<float> s = x * x;
        Vector128<float> p = Vector128.MultiplyAddEstimate(Vector128.Create(ErfP0), s, Vector128.Create(ErfP1));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(ErfP2));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(ErfP3));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(ErfP4));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(ErfP5));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(ErfP6));
        Vector128<float> q = Vector128.MultiplyAddEstimate(Vector128.Create(ErfQ0), s, Vector128.Create(ErfQ1));
        q = Vector128.MultiplyAddEstimate(q, s, Vector128.Create(ErfQ2));
        q = Vector128.MultiplyAddEstimate(q, s, Vector128.Create(ErfQ3));
        q = Vector128.MultiplyAddEstimate(q, s, Vector128.Create(ErfQ4));
        return x * p / q;
    }

    /// <summary>max(x, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Relu(Vector128<float> x) => Vector128.Max(x, Vector128<float>.Zero);

    /// <summary>max(x, 0)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ReluSquared(Vector128<float> x)
    {
        Vector128<float> positive = Relu(x);
        return positive * positive;
    }

    /// <summary>x·σ(x) = x / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Silu(Vector128<float> x) => x / (Vector128<float>.One + Exp(-x));

    /// <summary>x·Φ(x) = x/2 · (1 + erf(x/√2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Gelu(Vector128<float> x) => x * 0.5f * (Vector128<float>.One + Erf(x * HalfSqrt2));

    /// <summary>x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))), written as x·σ(2·√(2/π)·(x + 0.044715·x³)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GeluTanh(Vector128<float> x)
    {
        Vector128<float> inner = Vector128.MultiplyAddEstimate(x * x, x * GeluCubic, x);
        return x / (Vector128<float>.One + Exp(inner * -TwiceSqrt2OverPi));
    }

    /// <summary>tanh(x); relative error below 1e-6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Tanh(Vector128<float> x)
    {
        x = Vector128.Min(Vector128.Max(x, Vector128.Create(-TanhLimit)), Vector128.Create(TanhLimit));
        Vector128<float> s = x * x;
        Vector128<float> p = Vector128.MultiplyAddEstimate(Vector128.Create(TanhP0), s, Vector128.Create(TanhP1));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(TanhP2));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(TanhP3));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(TanhP4));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(TanhP5));
        p = Vector128.MultiplyAddEstimate(p, s, Vector128.Create(TanhP6));
        Vector128<float> q = Vector128.MultiplyAddEstimate(Vector128.Create(TanhQ0), s, Vector128.Create(TanhQ1));
        q = Vector128.MultiplyAddEstimate(q, s, Vector128.Create(TanhQ2));
        q = Vector128.MultiplyAddEstimate(q, s, Vector128.Create(TanhQ3));
        return x * p / q;
    }

    /// <summary>σ(x) = 1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sigmoid(Vector128<float> x) => Vector128<float>.One / (Vector128<float>.One + Exp(-x));

    /// <summary>x·σ(1.702·x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GeluSigmoid(Vector128<float> x) => x / (Vector128<float>.One + Exp(x * -GeluSlope));

    /// <summary>The largest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector128<float> x)
    {
        Vector128<float> pairs = Vector128.Max(x, Vector128.Shuffle(x, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(pairs[0], pairs[1]);
    }
}
