namespace Formwork.Runtime.Sampling;

/// <summary>
/// A token and its distance from the most probable one in 64 bits that sort as numbers: nearest first, equal ones by rising id. (The bits of
/// floats that are not negative sort as the floats do.) So every sort of keys has one result only.
/// </summary>
internal static class TokenKey
{
    public static ulong Of(float distance, int token) => ((ulong)BitConverter.SingleToUInt32Bits(distance) << 32) | (uint)token;

    /// <summary>The same with a probability in the distance's place: most probable first.</summary>
    public static ulong OfProbability(float probability, int token) => ((ulong)~BitConverter.SingleToUInt32Bits(probability) << 32) | (uint)token;

    public static int Token(ulong key) => (int)(uint)key;

    public static float Distance(ulong key) => BitConverter.UInt32BitsToSingle((uint)(key >> 32));

    /// <summary>The nearest tokens' keys, as many as <paramref name="nearest"/> has room for, sorted. One pass; a heap holds the best so far.</summary>
    public static void SelectNearest(ReadOnlySpan<float> distances, Span<ulong> nearest)
    {
        for (var token = 0; token < nearest.Length; token++)
            nearest[token] = Of(distances[token], token);
        for (var i = nearest.Length / 2 - 1; i >= 0; i--)
            SiftDown(nearest, i);
        var farthest = Distance(nearest[0]);
        for (var token = nearest.Length; token < distances.Length; token++)
        {
            // An equal one has a greater id than those in the heap, so it comes after them.
            if (distances[token] >= farthest)
                continue;
            nearest[0] = Of(distances[token], token);
            SiftDown(nearest, 0);
            farthest = Distance(nearest[0]);
        }
        nearest.Sort();
    }

    // The heap's root is its greatest key, the first to be replaced.
    private static void SiftDown(Span<ulong> heap, int parent)
    {
        while (2 * parent + 1 < heap.Length)
        {
            var child = 2 * parent + 1;
            if (child + 1 < heap.Length && heap[child + 1] > heap[child])
                child++;
            if (heap[parent] >= heap[child])
                return;
            (heap[parent], heap[child]) = (heap[child], heap[parent]);
            parent = child;
        }
    }
}
