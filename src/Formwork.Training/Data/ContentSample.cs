using System.Globalization;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Data;

/// <summary>
/// A number that tells contents apart: a hash of up to 4,096 ids from places apart from each other, and of their count. It tells when a run is
/// resumed with other data, without reading all of them.
/// </summary>
internal static class ContentSample
{
    private const int Places = 1 << 12;

    /// <summary>The hash of some sequences.</summary>
    public static string Of(ITokenSequences sequences, int first, int count) => Of(sequences, sequences.Start(first), sequences.Start(first + count));

    /// <summary>The hash of the ids of a range.</summary>
    public static string Of(ITokenSequences sequences, long begin, long end)
    {
        long tokens = end - begin;
        ulong hash = CounterRandom.Mix((ulong)tokens);
        Span<int> id = stackalloc int[1];
        long places = Math.Min(tokens, Places);
        for (long place = 0; place < places; place++)
        {
            sequences.Read(begin + (long)(tokens * (Int128)place / places), id);
            hash = CounterRandom.Mix(hash + (ulong)id[0]);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{tokens} ids ({hash:x16})");
    }
}
