using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Formwork.Runtime.Memory;

namespace Formwork.Training.Adaptation;

/// <summary>Tells the weights that adapters were trained on from others.</summary>
internal static class WeightDigest
{
    private const int Block = 1 << 20;

    /// <summary>The SHA-256 of all numbers, in hexadecimal.</summary>
    public static string Of(NativeBuffer weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long first = 0; first < weights.Length; first += Block)
            hash.AppendData(MemoryMarshal.AsBytes(weights.AsSpan(first, (int)Math.Min(Block, weights.Length - first))));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
