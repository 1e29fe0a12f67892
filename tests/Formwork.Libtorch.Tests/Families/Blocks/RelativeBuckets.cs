using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>
/// T5's relative positions: near distances have a bucket each, farther ones share buckets whose width grows with the logarithm of the distance.
/// Source: Raffel et al., "Exploring the limits of transfer learning with a unified text-to-text transformer" (2020), section 2.1; the exact
/// borders are those of mesh_tensorflow's transformer_layers.py, which the paper's models were trained with.
/// </summary>
public static class RelativeBuckets
{
    /// <summary>The bucket of a key that stands <paramref name="offset"/> places behind (positive) or before (negative) the query.</summary>
    /// <param name="offset">Key position − query position.</param>
    /// <param name="bidirectional">Encoders: the upper half of the buckets is for keys behind the query. Decoders: those share bucket 0.</param>
    /// <param name="buckets">Buckets in all.</param>
    /// <param name="maxDistance">From here on all share the last bucket.</param>
    public static int Of(int offset, bool bidirectional, int buckets, int maxDistance)
    {
        int first = 0, distance = Math.Max(-offset, 0);
        if (bidirectional)
        {
            buckets /= 2;
            first = offset > 0 ? buckets : 0;
            distance = Math.Abs(offset);
        }
        int exact = buckets / 2;
        if (distance < exact)
            return first + distance;
        double share = Math.Log((double)distance / exact) / Math.Log((double)maxDistance / exact);
        return first + Math.Min(exact + (int)(share * (buckets - exact)), buckets - 1);
    }

    /// <summary>What is added to scores, <c>[1, heads, queries, keys]</c>.</summary>
    /// <param name="table">A number a bucket and head, <c>[buckets, heads]</c>.</param>
    /// <param name="length">Positions; queries and keys are the same ones.</param>
    /// <param name="bidirectional">As for <see cref="Of"/>.</param>
    /// <param name="maxDistance">As for <see cref="Of"/>.</param>
    public static Tensor Bias(Tensor table, int length, bool bidirectional, int maxDistance)
    {
        var ids = new long[length * length];
        for (int query = 0; query < length; query++)
        {
            for (int key = 0; key < length; key++)
                ids[query * length + key] = Of(key - query, bidirectional, (int)table.shape[0], maxDistance);
        }
        return table[tensor(ids, [length, length])].permute(2, 0, 1).unsqueeze(0);
    }
}
