using TorchSharp;
using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>Sequences of different lengths as libtorch wants them: padded to the longest.</summary>
internal static class LibtorchPadding
{
    /// <summary>(sequences, longest): ids, and the padding after them.</summary>
    public static Tensor Pad(int[] tokens, int[] lengths, int padding)
    {
        var longest = lengths.Max();
        var padded = new long[lengths.Length * longest];
        Array.Fill(padded, padding);
        var row = 0;
        for (var sequence = 0; sequence < lengths.Length; sequence++)
        {
            for (var position = 0; position < lengths[sequence]; position++)
                padded[sequence * longest + position] = tokens[row++];
        }

        return tensor(padded, [lengths.Length, longest]);
    }

    /// <summary>(sequences, 1, 1, longest): what is added to attention's scores, 0 for a token and minus infinity for padding.</summary>
    public static Tensor Mask(int[] lengths)
    {
        using var scope = NewDisposeScope();
        var padding = arange(lengths.Max()).unsqueeze(0).ge(tensor(lengths).unsqueeze(1));
        return zeros(padding.shape).masked_fill(padding, float.NegativeInfinity).view(lengths.Length, 1, 1, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Where rows of sequences without padding lie among those with it.</summary>
    public static Tensor Rows(int[] rows, int[] lengths)
    {
        var longest = lengths.Max();
        var places = new long[lengths.Sum()];
        var row = 0;
        for (var sequence = 0; sequence < lengths.Length; sequence++)
        {
            for (var position = 0; position < lengths[sequence]; position++)
                places[row++] = sequence * longest + position;
        }

        return tensor(rows.Select(wanted => places[wanted]).ToArray());
    }
}
