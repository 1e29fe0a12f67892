using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Training;

/// <summary>
/// The rows of one stack in a training pass: the tokens of all sequences, one after the other, without padding. Generated code reads it.
/// </summary>
public sealed unsafe class TrainingRows : IDisposable
{
    private readonly NativeBuffer _arena;
    private readonly NativeBuffer _numbers;

    /// <summary>Makes room.</summary>
    /// <param name="maxRows">The most rows.</param>
    /// <param name="floats">Floats of activations and their gradients a row, as planned.</param>
    /// <param name="vectorStride">Floats of an input vector, padded, for models that take vectors; else 0.</param>
    internal TrainingRows(int maxRows, int floats, int vectorStride)
    {
        MaxRows = maxRows;
        _arena = new NativeBuffer((long)maxRows * floats, filled: true);
        _numbers = new NativeBuffer(maxRows * 5L + 16 + (long)maxRows * vectorStride);
        // Ids and positions are as wide as floats.
        int* numbers = (int*)_numbers.Pointer;
        Tokens = numbers;
        TokenTypes = numbers + maxRows;
        Positions = numbers + 2 * maxRows;
        Sequences = (TrainingSequence*)(numbers + 3 * maxRows);
        Vectors = _numbers.Pointer + (5L * maxRows + 15) / 16 * 16;
    }

    /// <summary>The most rows.</summary>
    public int MaxRows { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>The id of each row's token.</summary>
    public int* Tokens { get; }

    /// <summary>The type of each row's token; zero where the model tells none apart.</summary>
    public int* TokenTypes { get; }

    /// <summary>The position of each row's token in its sequence.</summary>
    public int* Positions { get; }

    /// <summary>The input of a model that takes vectors, <c>[rows, width padded to 16]</c>.</summary>
    public float* Vectors { get; }

    /// <summary>Number of sequences.</summary>
    public int SequenceCount { get; private set; }

    /// <summary>The rows of each sequence, in order.</summary>
    public TrainingSequence* Sequences { get; }

    /// <summary>Says which tokens the sequences have.</summary>
    /// <param name="tokens">All sequences' ids, one sequence after the other; they are to be ids of the model's.</param>
    /// <param name="lengths">How many each sequence has; together as many as there are ids.</param>
    /// <param name="types">A type a token, or empty for type 0.</param>
    /// <exception cref="ArgumentException">There are more than there is room for, or the counts do not fit.</exception>
    public void Set(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, ReadOnlySpan<int> types = default)
    {
        SetLengths(lengths, tokens.Length);
        if (types.Length != 0 && types.Length != tokens.Length)
            throw new ArgumentException($"{types.Length} types for {tokens.Length} tokens.", nameof(types));
        tokens.CopyTo(new Span<int>(Tokens, tokens.Length));
        if (types.IsEmpty)
            new Span<int>(TokenTypes, tokens.Length).Clear();
        else
            types.CopyTo(new Span<int>(TokenTypes, types.Length));
    }

    private void SetLengths(ReadOnlySpan<int> lengths, int rows)
    {
        if (rows > MaxRows)
            throw new ArgumentException($"{rows} rows where there is room for {MaxRows}.", nameof(rows));
        int row = 0;
        for (int sequence = 0; sequence < lengths.Length; sequence++)
        {
            int length = lengths[sequence];
            if (length < 1 || length > rows - row)
                throw new ArgumentException($"Sequence {sequence} has {length} of {rows} rows.", nameof(lengths));
            Sequences[sequence] = new TrainingSequence { FirstRow = row, Rows = length };
            for (int position = 0; position < length; position++)
                Positions[row++] = position;
        }
        if (row != rows)
            throw new ArgumentException($"Lengths of {row} rows together for {rows}.", nameof(lengths));
        (Rows, SequenceCount) = (rows, lengths.Length);
    }

    /// <summary>A buffer of activations or of their gradients: the plan gives its place as floats a row before it.</summary>
    public float* Buffer(int floatsBefore) => _arena.Pointer + (long)floatsBefore * MaxRows;

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _arena.Dispose();
        _numbers.Dispose();
    }
}
