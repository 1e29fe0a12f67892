namespace Formwork.Runtime.Models;

/// <summary>Takes the sequences out of a padded batch and puts their results back between zeros.</summary>
internal sealed class PaddedBatch
{
    private readonly int[] _starts;
    private readonly int _length;

    /// <summary>Checks the mask and cuts out each row's run of ones.</summary>
    /// <exception cref="InvalidInputException">Sizes differ, a row is all padding, its ones are not one run, or the mask has other numbers.</exception>
    public PaddedBatch(int[,] tokens, int[,] mask, int[,]? tokenTypes)
    {
        RequireSameSize(mask, tokens, "mask");
        if (tokenTypes is not null)
            RequireSameSize(tokenTypes, tokens, "token types");
        _length = tokens.GetLength(1);
        _starts = new int[tokens.GetLength(0)];
        Inputs = new EncoderInput[_starts.Length];
        for (int row = 0; row < _starts.Length; row++)
        {
            (_starts[row], int count) = Run(mask, row);
            Inputs[row] = new EncoderInput(Cut(tokens, row, _starts[row], count), tokenTypes is null ? null : Cut(tokenTypes, row, _starts[row], count));
        }
    }

    /// <summary>The sequences without their padding.</summary>
    public EncoderInput[] Inputs { get; }

    /// <summary>Results of the sequences, each <c>[tokens, width]</c>, as <c>[batch, length, width]</c>; masked positions are zeros.</summary>
    public float[] Spread(float[][] results, int width)
    {
        var spread = new float[checked(results.Length * _length * width)];
        for (int row = 0; row < results.Length; row++)
            results[row].CopyTo(spread, (row * _length + _starts[row]) * width);
        return spread;
    }

    private static (int Start, int Count) Run(int[,] mask, int row)
    {
        int start = -1, end = -1;
        for (int column = 0; column < mask.GetLength(1); column++)
        {
            if (mask[row, column] is not (0 or 1))
                throw new InvalidInputException("mask", $"[{row}, {column}]", $"{mask[row, column]}", "1 for a token, 0 for padding", "Correct the mask.");
            if (mask[row, column] == 0)
                continue;
            if (start >= 0 && end != column)
                throw new InvalidInputException("mask", $"row {row}", $"a hole before column {column}", "ones that stand together, with padding only at the ends", "Remove the tokens in the middle instead of masking them.");
            start = start < 0 ? column : start;
            end = column + 1;
        }
        if (start < 0)
            throw new InvalidInputException("mask", $"row {row}", "padding only", "at least one token a row", "Leave empty rows out.");
        return (start, end - start);
    }

    private static int[] Cut(int[,] values, int row, int start, int count)
    {
        var cut = new int[count];
        for (int index = 0; index < count; index++)
            cut[index] = values[row, start + index];
        return cut;
    }

    private static void RequireSameSize(int[,] values, int[,] tokens, string argument)
    {
        if (values.GetLength(0) != tokens.GetLength(0) || values.GetLength(1) != tokens.GetLength(1))
            throw new InvalidInputException(argument, null, $"size [{values.GetLength(0)}, {values.GetLength(1)}]", $"the tokens' size, [{tokens.GetLength(0)}, {tokens.GetLength(1)}]", "Give one number a token.");
    }
}
