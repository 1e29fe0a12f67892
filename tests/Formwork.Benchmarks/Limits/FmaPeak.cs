using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Formwork.Benchmarks.Limits;

/// <summary>The most float32 multiply-adds a second: independent chains of fused multiply-adds that never leave the registers.</summary>
public static class FmaPeak
{
    // Two units with a latency of four or five cycles want eight to ten independent chains; twelve leave room and fit 16 registers.
    private const int Chains = 12;

    /// <summary>FLOP/s (a multiply-add counts two) with <paramref name="threads"/> threads: the best of several trials of about <paramref name="seconds"/>.</summary>
    public static double Measure(int threads, double seconds = 0.1, int trials = 3)
    {
        long rounds = 1_000_000;
        Burn(rounds);
        rounds = (long)(rounds * seconds / ThreadRace.Run(1, _ => Burn(rounds)));

        var best = 0.0;
        for (var trial = 0; trial < trials; trial++)
            best = Math.Max(best, threads * (double)rounds * FlopsPerRound / ThreadRace.Run(threads, _ => Burn(rounds)));
        return best;
    }

    private static int FlopsPerRound =>
        2 * Chains * (Vector512.IsHardwareAccelerated ? Lanes512.Count : Vector256.IsHardwareAccelerated ? Lanes256.Count : Lanes128.Count);

    private static float Burn(long rounds) =>
        Vector512.IsHardwareAccelerated ? Burn<Vector512<float>, Lanes512>(rounds)
        : Vector256.IsHardwareAccelerated ? Burn<Vector256<float>, Lanes256>(rounds)
        : Burn<Vector128<float>, Lanes128>(rounds);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Burn<TVector, TLanes>(long rounds)
        where TVector : struct
        where TLanes : ILanes<TVector>
    {
        // x ← a·x + b stays near b / (1 − a): no overflow, no denormal numbers.
        TVector a = TLanes.Create(0.5f), b = TLanes.Create(0.25f);
        TVector x0 = b, x1 = b, x2 = b, x3 = b, x4 = b, x5 = b, x6 = b, x7 = b, x8 = b, x9 = b, x10 = b, x11 = b;
        for (long i = 0; i < rounds; i++)
        {
            x0 = TLanes.MultiplyAdd(x0, a, b);
            x1 = TLanes.MultiplyAdd(x1, a, b);
            x2 = TLanes.MultiplyAdd(x2, a, b);
            x3 = TLanes.MultiplyAdd(x3, a, b);
            x4 = TLanes.MultiplyAdd(x4, a, b);
            x5 = TLanes.MultiplyAdd(x5, a, b);
            x6 = TLanes.MultiplyAdd(x6, a, b);
            x7 = TLanes.MultiplyAdd(x7, a, b);
            x8 = TLanes.MultiplyAdd(x8, a, b);
            x9 = TLanes.MultiplyAdd(x9, a, b);
            x10 = TLanes.MultiplyAdd(x10, a, b);
            x11 = TLanes.MultiplyAdd(x11, a, b);
        }

        TVector low = TLanes.Add(TLanes.Add(TLanes.Add(x0, x1), TLanes.Add(x2, x3)), TLanes.Add(x4, x5));
        TVector high = TLanes.Add(TLanes.Add(TLanes.Add(x6, x7), TLanes.Add(x8, x9)), TLanes.Add(x10, x11));
        return TLanes.Sum(TLanes.Add(low, high));
    }
}
