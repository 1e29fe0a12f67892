using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Formwork.Runtime.Training;

/// <summary>
/// The counter-based generator of dropout: whether a number is kept is a function of a key and of the number's place, so nothing is stored
/// between forward and backward pass, and a run that is resumed drops what it would have dropped. The function is Wellons' <c>lowbias32</c>
/// (2018), a 32-bit mix of low bias, of the place and the key.
/// </summary>
public static class DropoutMask
{
    private const uint First = 0x7feb352d, Second = 0x846ca68b, Golden = 0x9E3779B9;

    /// <summary>Numbers whose mixed place is less are dropped.</summary>
    public static uint Threshold(double rate) => (uint)Math.Min(rate * 4294967296.0, uint.MaxValue);

    /// <summary>The mixed place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Mix(uint key, uint place)
    {
        uint x = place * Golden + key;
        x = (x ^ x >> 16) * First;
        x = (x ^ x >> 15) * Second;
        return x ^ x >> 16;
    }

    /// <inheritdoc cref="Mix(uint, uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Mix(uint key, Vector512<uint> place)
    {
        Vector512<uint> x = place * Golden + Vector512.Create(key);
        x = (x ^ x >>> 16) * First;
        x = (x ^ x >>> 15) * Second;
        return x ^ x >>> 16;
    }

    /// <inheritdoc cref="Mix(uint, uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Mix(uint key, Vector256<uint> place)
    {
        Vector256<uint> x = place * Golden + Vector256.Create(key);
        x = (x ^ x >>> 16) * First;
        x = (x ^ x >>> 15) * Second;
        return x ^ x >>> 16;
    }

    /// <inheritdoc cref="Mix(uint, uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Mix(uint key, Vector128<uint> place)
    {
        Vector128<uint> x = place * Golden + Vector128.Create(key);
        x = (x ^ x >>> 16) * First;
        x = (x ^ x >>> 15) * Second;
        return x ^ x >>> 16;
    }

    /// <summary>What dropout leaves of x: 0 where the mixed place lies below the threshold, else x times the scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Drop(uint key, uint threshold, float scale, Vector512<uint> place, Vector512<float> x) =>
        Vector512.AndNot(x * scale, Vector512.LessThan(Mix(key, place), Vector512.Create(threshold)).AsSingle());

    /// <summary>What dropout leaves of x: 0 where the mixed place lies below the threshold, else x times the scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Drop(uint key, uint threshold, float scale, Vector256<uint> place, Vector256<float> x) =>
        Vector256.AndNot(x * scale, Vector256.LessThan(Mix(key, place), Vector256.Create(threshold)).AsSingle());

    /// <summary>What dropout leaves of x: 0 where the mixed place lies below the threshold, else x times the scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Drop(uint key, uint threshold, float scale, Vector128<uint> place, Vector128<float> x) =>
        Vector128.AndNot(x * scale, Vector128.LessThan(Mix(key, place), Vector128.Create(threshold)).AsSingle());
}
