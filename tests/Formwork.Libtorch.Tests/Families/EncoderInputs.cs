using TorchSharp;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Random sequences of given lengths for an encoder, padded to one batch.</summary>
/// <param name="Tokens">Ids of each; empty where rows are taken.</param>
/// <param name="Types">Token types of each: 0s, then 1s.</param>
/// <param name="Rows">Rows of each, one after the other, float32; empty where ids are taken.</param>
/// <param name="Width">Numbers of a row; 0 where ids are taken.</param>
/// <param name="Lengths">Tokens or rows of each.</param>
public sealed record EncoderInputs(int[][] Tokens, int[][] Types, float[][] Rows, int Width, int[] Lengths)
{
    /// <summary>Draws ids, and two types if asked for.</summary>
    public static EncoderInputs OfTokens(int vocabulary, int types, int seed, params int[] lengths)
    {
        var random = new Random(seed);
        int[][] tokens = lengths.Select(length => Enumerable.Range(0, length).Select(_ => random.Next(vocabulary)).ToArray()).ToArray();
        int[][] typesOf = lengths.Select(length => Enumerable.Range(0, length).Select(i => types > 1 && i > length / 2 ? 1 : 0).ToArray()).ToArray();
        return new EncoderInputs(tokens, typesOf, [], 0, lengths);
    }

    /// <summary>Draws rows of this width.</summary>
    public static EncoderInputs OfRows(int width, int seed, params int[] lengths)
    {
        var random = new Random(seed);
        float[][] rows = lengths.Select(length => Enumerable.Range(0, length * width).Select(_ => (float)(2 * random.NextDouble() - 1)).ToArray()).ToArray();
        return new EncoderInputs([], lengths.Select(length => new int[length]).ToArray(), rows, width, lengths);
    }

    /// <summary>The sequences in another order or fewer of them.</summary>
    public EncoderInputs Pick(params int[] sequences) => new(
        Tokens.Length == 0 ? [] : sequences.Select(i => Tokens[i]).ToArray(), sequences.Select(i => Types[i]).ToArray(),
        Rows.Length == 0 ? [] : sequences.Select(i => Rows[i]).ToArray(), Width, sequences.Select(i => Lengths[i]).ToArray());

    /// <summary>The rows of one sequence, <c>[rows, width]</c>.</summary>
    public float[,] Matrix(int sequence)
    {
        var matrix = new float[Lengths[sequence], Width];
        Buffer.BlockCopy(Rows[sequence], 0, matrix, 0, matrix.Length * sizeof(float));
        return matrix;
    }

    /// <summary>1 for a token, 0 for padding, <c>[batch, length]</c>.</summary>
    public Tensor Mask => Padded(Lengths.Select(length => Enumerable.Repeat(1, length).ToArray()).ToArray(), 0);

    /// <summary>Types, <c>[batch, length]</c>.</summary>
    public Tensor PaddedTypes => Padded(Types, 0);

    /// <summary>Ids <c>[batch, length]</c>, or rows <c>[batch, length, width]</c>.</summary>
    /// <param name="type">The rows' number type.</param>
    /// <param name="padding">The id, or the number, that stands where nothing is.</param>
    public Tensor Padded(ScalarType type, int padding = 0)
    {
        if (Width == 0)
            return Padded(Tokens, padding);
        int length = Lengths.Max();
        var numbers = new float[Lengths.Length * length * Width];
        Array.Fill(numbers, padding);
        for (int row = 0; row < Lengths.Length; row++)
            Rows[row].CopyTo(numbers, row * length * Width);
        return tensor(numbers, [Lengths.Length, length, Width]).to(type);
    }

    /// <summary>A result for each token, one sequence's after the other's, <c>[tokens, …]</c>; what is not one for each token stays as it is.</summary>
    public Tensor WithoutPadding(Tensor result) =>
        result.dim() == 3 ? cat(Lengths.Select((length, row) => result[row].slice(0, 0, length, 1)).ToArray(), 0) : result;

    private static Tensor Padded(int[][] values, int padding)
    {
        int length = values.Max(row => row.Length);
        long[] padded = values.SelectMany(row => row.Select(value => (long)value).Concat(Enumerable.Repeat((long)padding, length - row.Length))).ToArray();
        return tensor(padded, [values.Length, length]);
    }
}
