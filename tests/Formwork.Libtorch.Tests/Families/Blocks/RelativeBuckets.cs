using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>
/// T5's relative positions: near distances have a bucket each, farther ones share buckets whose width grows with the logarithm of the distance.
/// Source: Raffel et al., "Exploring the limits of transfer learning with a unified text-to-text transformer" (2020), section 2.1; the exact
/// borders are those of mesh_tensorflow's transformer_layers.py, which the paper's models were trained with.
/// </summary>
public static class RelativeBuckets
{
    /// <summary>The buckets of keys that stand so many places behind (positive) or before (negative) the query, in float32 as there.</summary>
    /// <param name="offsets">Key positions − query positions, whole numbers of any shape.</param>
    /// <param name="bidirectional">Encoders: the upper half of the buckets is for keys behind the query. Decoders: those share bucket 0.</param>
    /// <param name="buckets">Buckets in all.</param>
    /// <param name="maxDistance">From here on all share the last bucket.</param>
    public static Tensor Of(Tensor offsets, bool bidirectional, int buckets, int maxDistance)
    {
        int side = bidirectional ? buckets / 2 : buckets, exact = side / 2;
        Tensor first = bidirectional ? (offsets > 0).to(int64) * side : zeros_like(offsets);
        Tensor away = bidirectional ? offsets.abs() : (-offsets).clamp(min: 0);
        Tensor share = log(away.to(float32) / exact) / Math.Log((double)maxDistance / exact);
        return first + where(away < exact, away, (exact + (share * (side - exact)).to(int64)).clamp(max: side - 1));
    }

    /// <summary>What is added to scores, <c>[1, heads, queries, keys]</c>.</summary>
    /// <param name="table">A number a bucket and head, <c>[buckets, heads]</c>.</param>
    /// <param name="length">Positions; queries and keys are the same ones.</param>
    /// <param name="bidirectional">As for <see cref="Of"/>.</param>
    /// <param name="maxDistance">As for <see cref="Of"/>.</param>
    public static Tensor Bias(Tensor table, int length, bool bidirectional, int maxDistance)
    {
        Tensor positions = arange(length, int64);
        Tensor ids = Of(positions.unsqueeze(0) - positions.unsqueeze(1), bidirectional, (int)table.shape[0], maxDistance);
        return table[ids].permute(2, 0, 1).unsqueeze(0);
    }
}
